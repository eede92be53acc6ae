"""A finished report in one language, as Word, PowerPoint, Excel, PDF and HTML. No Django, no database."""
