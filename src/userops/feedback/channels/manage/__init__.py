"""Pages for members who set up channels."""
