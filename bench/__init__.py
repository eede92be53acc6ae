"""The benchmark: the same questions to UserOps and to what people use today. `uv run userops bench`."""
