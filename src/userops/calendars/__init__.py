"""Working calendars of a product: hours, holidays, 调休, and what a company says otherwise."""
