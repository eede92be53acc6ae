"""The user is told: which changes of a ticket, in his language, once; his page of progress; how it was."""
