"""What users say when asked, and what hurts them: surveys and pain points."""
