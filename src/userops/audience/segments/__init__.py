"""Segments: rules that say which users are meant, kept with their history, refreshed, published as facts."""
