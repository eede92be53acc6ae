"""The pages of members: the list, the builder, whom a survey asks, what was answered, and why not."""
