"""Automation rules: when something happens to a ticket, if it is so, this is done. Tried on the past, and logged."""
