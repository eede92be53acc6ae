"""A seeded history of events, realistic in its skew, written as Parquet in the order of arrival."""

from __future__ import annotations

from bench.history.writing import History, make

__all__ = ["History", "make"]
