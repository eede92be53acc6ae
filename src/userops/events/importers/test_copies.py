from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.events.importers import copies
from userops.events.importers.copies import Copies, Seen

CHUNKS = st.lists(st.lists(st.integers(0, 12), max_size=20), max_size=6)


def content(numbers: list[int]) -> pl.Series:
    return pl.Series("content", [n.to_bytes(16, "big") for n in numbers], dtype=pl.Binary)


@settings(max_examples=50, deadline=None)
@given(CHUNKS)
def test_each_row_is_numbered_among_its_equals(chunks: list[list[int]]) -> None:
    staged: Counter[bytes] = Counter()

    def earlier(asked: pl.Series) -> pl.DataFrame:
        known = [(each, staged[each]) for each in asked if staged[each]]
        schema = {"content": pl.Binary, "earlier": pl.UInt32}
        return pl.DataFrame(known, schema=schema, orient="row")

    numbering = Copies(earlier)
    for numbers in chunks:
        rows = content(numbers)
        expected = []
        so_far = Counter(staged)
        for each in rows:
            so_far[each] += 1
            expected.append(so_far[each])
        assert numbering.number(rows).tolist() == expected
        staged = so_far


def test_what_was_added_is_never_held_for_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "FIRST_ROWS", 1_000)
    numbers = np.random.default_rng(1).integers(0, 2**64, (20, 1_000), dtype=np.uint64)
    seen = Seen()
    for part in numbers[:10]:
        seen.add(part)
    assert all(seen.may_hold(part).all() for part in numbers[:10])
    wrong = np.concatenate([seen.may_hold(part) for part in numbers[10:]]).mean()
    assert wrong < 0.05
