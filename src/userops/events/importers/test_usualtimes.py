"""The fast way reads times as the slow one does, or leaves them to it."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.events.importers import timeformats

CLOCK = st.tuples(
    st.sampled_from(["1970", "2024", "2023", "2100", "1899", "9999", "2199", "2٣24"]),
    st.sampled_from(["00", "01", "02", "06", "12", "13"]),
    st.sampled_from(["00", "01", "15", "28", "29", "30", "31"]),
    st.sampled_from(["T", " ", "x", "  "]),
    st.sampled_from(["00", "12", "23", "24", "7"]),
    st.sampled_from(["00", "59", "60"]),
    st.sampled_from(["00", "59", "60", "5-"]),
    st.sampled_from(["", ".1", ".123", ".123456", ".1234567", ".", ",5"]),
    st.sampled_from(["", "Z", "z", "+08:00", " UTC"]),
).map(lambda p: f"{p[0]}-{p[1]}-{p[2]}{p[3]}{p[4]}:{p[5]}:{p[6]}{p[7]}{p[8]}")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.just(""), CLOCK, CLOCK, CLOCK), min_size=1, max_size=12))
def test_the_usual_layout_reads_as_any_other(texts: list[str | None]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    fast, slow = timeformats._iso(column), timeformats._iso_any(column)
    assert fast.us.to_list() == slow.us.to_list()
    assert _zoned(fast) == _zoned(slow)


def _zoned(parsed: timeformats._Parsed) -> list[bool]:
    """Where a time was read: whether it had its own offset."""
    zoned = parsed.zoned
    flags = [zoned] * len(parsed.us) if isinstance(zoned, bool) else zoned.to_list()
    return [
        bool(flag) for flag, us in zip(flags, parsed.us.to_list(), strict=True) if us is not None
    ]
