"""What is computed of each person from their events, dated, and usable wherever a user property is."""
