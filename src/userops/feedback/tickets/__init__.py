"""Tickets: what a user said, what was answered, and everything that happened in between."""
