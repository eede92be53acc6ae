"""The user's own page, at an address that nobody can guess."""
