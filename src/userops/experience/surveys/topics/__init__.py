"""The topics of open answers: at once where they are few, else grown in the background."""
