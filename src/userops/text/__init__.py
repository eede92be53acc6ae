"""What people write, read by machines: language, sentiment, categories, topics. Pure: no Django, no network."""
