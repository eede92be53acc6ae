"""Keeping a data folder: backup, check, imports and clean-up, for the command line with and without a server."""
