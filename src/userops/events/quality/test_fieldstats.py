from __future__ import annotations

import re
from collections import Counter

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.events.quality.fieldstats import SHAPE_LENGTH, FieldStats

CODES = st.one_of(
    st.text("0123456789-a", min_size=1, max_size=4),
    st.text("12a1٣文-", min_size=0, max_size=3),
    st.text("12-", min_size=SHAPE_LENGTH - 1, max_size=SHAPE_LENGTH + 1),
    st.from_regex(r"\A[0-9]{4}-[0-9]{2}\Z"),
)


def shape_of(text: str) -> str:
    shape = re.sub(r"\d+", "#", text)
    short = len(text) <= SHAPE_LENGTH and len(shape.replace("#", "")) <= 4
    return shape if short else "text"


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(st.lists(CODES, max_size=12), st.lists(CODES, min_size=1).map(lambda v: v[:1] * 3))
)
def test_a_column_is_as_its_values_are(texts: list[str]) -> None:
    stats = FieldStats.of(pl.Series("code", texts, dtype=pl.String))
    assert stats.shapes == Counter(map(shape_of, texts))
    counts = Counter(texts)
    expected = sorted(counts.items(), key=lambda item: (-item[1], item[0].encode()))
    for size in (1, 2, 5):
        assert stats.values.top(size) == tuple(expected[:size])
