"""How a robot is set up: what is asked of members, and what they enter where."""
