"""Which users a rule selects: a document in, a set of persons out. No Django."""
