"""Alerts: a saved trend is watched, and those who should know are told when it leaves its bounds."""
