"""Notices: to members in the workbench and by mail, to channels such as IM robots; sent for certain."""
