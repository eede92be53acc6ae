"""Clocks of tickets: what is promised to whom, what is due when and why, who is warned, and how much was in time."""
