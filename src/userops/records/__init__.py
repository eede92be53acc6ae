"""Figures of records: what tickets, answers and clocks say, asked as analyses are asked (README.md)."""
