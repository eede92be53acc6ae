"""Pure numbers: no events, no documents, no Django."""
