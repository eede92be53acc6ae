"""Channels: the doors by which users' words come in, and what guards them."""
