"""The inbox: finding tickets, handling many at once, saved views, canned replies."""
