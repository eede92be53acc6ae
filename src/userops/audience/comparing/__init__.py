"""Segments beside each other: how they overlap, and what sets one apart from another."""
