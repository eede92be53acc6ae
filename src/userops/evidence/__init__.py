"""Evidence: links from what was decided or done to what proves it."""
