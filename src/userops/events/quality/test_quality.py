from __future__ import annotations

import math
import random
from collections import Counter
from datetime import date, timedelta
from functools import reduce
from itertools import pairwise
from operator import add
from pathlib import Path

import hypothesis.strategies as st
import msgspec
import polars as pl
import pytest
from hypothesis import given, settings

from userops.events.importers.converting import REFUSED_SCHEMA, Converter
from userops.events.importers.mapping import parse_event_map, replaced
from userops.events.importers.proposing import propose
from userops.events.importers.reading import detect_format, open_rows, read_chunks, read_sample
from userops.events.quality import DataProfile, QualityReport, make_report
from userops.events.quality.comparison import compare
from userops.events.quality.coverage import drops, gaps
from userops.events.quality.fieldstats import FieldStats
from userops.events.quality.sketches import DistinctSketch, NumberSketch, ValueCounts

NOW = 1_800_000_000_000


def profile_of(path: Path, **changes: object) -> tuple[DataProfile, list[bytes]]:
    found = detect_format(path)
    mapping = replaced(propose(found, read_sample(path, found)).mapping, **changes)
    converter = Converter(mapping, now_ms=NOW)
    profile, content = DataProfile(), []
    for chunk in read_chunks(open_rows(path, found), path):
        done = converter.convert(chunk)
        content += done.accepted["content"].to_list()
        profile += DataProfile.of(
            columns=done.clean,
            accepted=done.accepted,
            refused=done.refused,
            notes=done.notes,
            timezone=mapping.timezone or "UTC",
        )
    return profile, content


def report_of(profile: DataProfile, repeated: int = 0) -> QualityReport:
    return make_report(
        profile, stored=profile.accepted, duplicates=0, repeated=repeated, timezone="UTC"
    )


@pytest.mark.realdata
def test_the_known_answers_of_the_retail_file(real_data: Path) -> None:
    path = real_data / "online_retail.csv.gz"
    profile, _ = profile_of(path, event_name="purchase", timezone="Europe/London")
    report = report_of(profile)
    assert (report.rows, report.refused) == (541_909, 135_080)
    assert [(reason.code, reason.count) for reason in report.reasons] == [("user_missing", 135_080)]
    quantity, price = report.field("Quantity"), report.field("UnitPrice")
    assert (quantity.low, quantity.high) == (-80_995, 80_995)
    assert quantity.mean == pytest.approx(9.55225, abs=5e-6)
    assert price.mean == pytest.approx(4.611114, abs=5e-7)
    assert dict(report.field("InvoiceNo").shapes)["C#"] == 9_288
    assert report.field("CustomerID").missing == 135_080
    assert report.users == 4_372
    assert "9,288" in " ".join(finding.en for finding in report.findings)
    assert report.time.gaps[0] == (date(2010, 12, 24), date(2011, 1, 3))
    assert QualityReport.from_json(report.to_json()) == report


@pytest.mark.realdata
def test_the_known_answers_of_the_jd_files(real_data: Path) -> None:
    names = "1=浏览,2=加购,3=删购,4=下单,5=关注,6=点击"
    rows, repeated, events = 0, 0, Counter[str]()
    for path in sorted((real_data / "jd").glob("JData_Action_*.csv.gz")):
        profile, content = profile_of(path, event_map=parse_event_map(names))
        rows += profile.rows
        repeated += len(content) - len(set(content))
        events += profile.events
        assert profile.notes["ids_made_whole"] == profile.rows
    assert [events[name] for name in ("浏览", "加购", "删购", "下单", "关注", "点击")] == [
        34_226,
        1_549,
        590,
        200,
        223,
        53_209,
    ]
    assert rows == 89_997
    assert repeated / rows == pytest.approx(0.265, abs=0.0005)


VALUES = st.lists(
    st.one_of(
        st.none(), st.sampled_from(["a", "B7", "007", "-3", "2.5", "1e3", "0", "上海", "x" * 40])
    ),
    max_size=60,
)


@settings(max_examples=80, deadline=None)
@given(VALUES, st.lists(st.integers(0, 60), max_size=4), st.randoms(use_true_random=False))
def test_parts_add_up_to_the_whole_in_any_order(
    values: list[str | None], cuts: list[int], shuffle: random.Random
) -> None:
    def stats(part: list[str | None]) -> FieldStats:
        return FieldStats.of(pl.Series("f", part, dtype=pl.String))

    whole = figures(stats(values))
    bounds = sorted({0, len(values), *(min(cut, len(values)) for cut in cuts)})
    parts = [stats(values[a:b]) for a, b in pairwise(bounds)]
    assert figures(reduce(add, parts, stats([]))) == whole
    mixed = list(values)
    shuffle.shuffle(mixed)
    assert figures(stats(mixed)) == whole


def figures(stats: FieldStats) -> dict[str, object]:
    """What the statistics say, apart from the order in which they were made."""
    return {
        "rows": stats.rows,
        "missing": stats.missing,
        "lengths": (stats.shortest, stats.longest),
        "top": stats.values.top(10),
        "distinct": (stats.distinct_count, stats.distinct.estimate),
        "numbers": (stats.numbers.count, stats.numbers.low, stats.numbers.high),
        "signs": (stats.numbers.negative, stats.numbers.zero),
        "total": round(stats.numbers.total, 6),
        "bins": stats.numbers.bins,
        "shapes": stats.shapes,
    }


def test_codes_are_no_numbers() -> None:
    stats = FieldStats.of(pl.Series("f", ["007", "008", "12"]))
    assert stats.numbers.count == 1
    assert not stats.is_numeric


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=5, max_size=200), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_quantiles_are_within_one_percent(numbers: list[float], share: float) -> None:
    import numpy as np

    sketch = NumberSketch.of(np.array(numbers), np.ones(len(numbers), np.int64))
    found = sketch.quantile(share)
    assert found is not None
    rank = max(math.ceil(share * len(numbers)), 1)
    exact = sorted(numbers)[rank - 1]
    assert math.isclose(found, exact, rel_tol=0.0101, abs_tol=1e-300)


@pytest.mark.parametrize("count", [10, 5_000, 200_000])
def test_many_different_values_are_estimated_within_five_percent(count: int) -> None:
    values = pl.Series([f"user-{n}" for n in range(count)])
    halves = DistinctSketch.of(values[: count // 2 + 1]) + DistinctSketch.of(values[count // 3 :])
    assert halves.estimate == pytest.approx(count, rel=0.05, abs=1)
    counts = ValueCounts.of(values)
    assert counts.exact == (count <= 50_000)


def days(counts: dict[int, int]) -> Counter[date]:
    start = date(2024, 1, 1)
    return Counter({start + timedelta(days=n): count for n, count in counts.items() if count})


def test_a_sudden_drop_is_found_and_a_weekly_rhythm_is_none() -> None:
    rhythm = {n: 1_000 if n % 7 < 5 else 100 for n in range(70)}
    assert drops(days(rhythm)) == ()
    found = drops(days({**rhythm, 30: 300, 45: 0}))
    assert [(drop.day, drop.count) for drop in found] == [
        (date(2024, 1, 31), 300),
        (date(2024, 2, 15), 0),
    ]
    assert found[0].expected == 1_000


def test_gaps_leave_out_days_that_are_always_closed() -> None:
    closed_on_saturdays = {n: 0 if n % 7 == 5 else 50 for n in range(28)}
    assert gaps(days(closed_on_saturdays)) == ()
    closed_on_saturdays.update({7: 0, 8: 0, 16: 0})
    assert gaps(days(closed_on_saturdays)) == (
        (date(2024, 1, 8), date(2024, 1, 9)),
        (date(2024, 1, 17), date(2024, 1, 17)),
    )


def small_profile(users: list[str], events: list[str], price: list[str | None]) -> DataProfile:
    accepted = pl.DataFrame(
        {
            "row": range(len(users)),
            "distinct_id": users,
            "event": events,
            "ts": [1_700_000_000_000 + n for n in range(len(users))],
        }
    )
    columns = pl.DataFrame({"price": pl.Series(price, dtype=pl.String)})
    return DataProfile.of(
        columns=columns,
        accepted=accepted,
        refused=pl.DataFrame(schema=REFUSED_SCHEMA),
        notes=Counter(),
        timezone="Asia/Shanghai",
    )


def test_ids_that_look_wrong() -> None:
    users = [f"u{n}" for n in range(200)] + ["robot"] * 300 + ["Anna", "anna"]
    profile = small_profile(users, ["view"] * 502, ["1"] * 502)
    codes = {finding.code for finding in report_of(profile).findings}
    assert {"user_implausible", "users_differ_by_case"} <= codes


def test_two_reports_tell_what_changed() -> None:
    before = report_of(small_profile(["a"] * 4, ["view"] * 4, ["1", "2", "3", "2"]))
    after = report_of(small_profile(["a"] * 4, ["buy"] * 4, ["10", None, "30", None]))
    found = {difference.code: difference for difference in compare(before, after)}
    assert found.keys() == {"event_new", "event_gone", "missing_share", "mean"}
    assert (found["missing_share"].before, found["missing_share"].after) == (0.0, 0.5)
    assert compare(before, before) == ()
    gone = msgspec.structs.replace(after, fields=())
    assert "field_gone" in {difference.code for difference in compare(after, gone)}


def test_every_finding_speaks_both_languages() -> None:
    users = [f"u{n}" for n in range(30)]
    report = report_of(small_profile(users, ["view"] * 30, ["-5", *["7"] * 29]), repeated=3)
    assert report.findings
    for finding in report.findings:
        assert any("\u4e00" <= character <= "\u9fff" for character in finding.zh)
        assert finding.en.isascii()


def test_numbers_of_ids_and_times_are_no_measures() -> None:
    profile = small_profile(["a"] * 30, ["view"] * 30, ["-5", *["7"] * 29])
    report = make_report(
        profile, stored=30, duplicates=0, repeated=0, timezone="UTC", codes={"price"}
    )
    assert report.field("price").mean is None
    assert "values_negative" not in {finding.code for finding in report.findings}
