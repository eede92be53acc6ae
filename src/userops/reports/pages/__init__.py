"""The pages of reports: the list, the report as it is read, the desk where it is written."""
