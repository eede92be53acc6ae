"""The desk of the demo company: tickets from the feedback of its users, and what became of each."""
