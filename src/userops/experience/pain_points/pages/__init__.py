"""Pages of pain points."""
