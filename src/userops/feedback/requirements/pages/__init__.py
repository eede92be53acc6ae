"""Pages: the list, one requirement, its form, and telling those who asked."""
