"""Files that users send: what they really are, kept under names nobody guesses, served safely."""
