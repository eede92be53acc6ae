"""Personas: kept questions that find groups of people, a card for each, and who moved between them."""
