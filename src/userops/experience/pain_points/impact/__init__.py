"""What a pain point costs: people it hit against others alike whom it did not. No Django here."""
