from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from django.utils.translation import override

from userops.web.templatetags import figures


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0, "0", "0"),
        (9999, "9,999", "9,999"),
        (12345, "1.2万", "12.3k"),
        (1234567, "123.5万", "1.2M"),
        (345678901, "3.5亿", "345.7M"),
        (Decimal("12345.6"), "1.2万", "12.3k"),
        (np.int64(12345), "1.2万", "12.3k"),
        (None, "–", "–"),
        (float("nan"), "–", "–"),
    ],
)
def test_compact_numbers(value: float | None, zh: str, en: str) -> None:
    with override("zh-hans"):
        assert figures.compact(value) == zh
    with override("en"):
        assert figures.compact(value) == en


def test_less_than_nothing_has_the_sign_of_mathematics() -> None:
    with override("zh-hans"):
        assert (figures.number(-1.5), figures.percent(-0.02)) == ("−1.5", "−2.0%")
        assert figures.points_to(-0.0318, 0.0188) == "−3.18 – +1.88 个百分点"
    with override("en"):
        assert figures.points_to(-0.0318, 0.0188) == "−3.18 – +1.88 points"
        assert figures.compact(-12_345) == "−12.3k"


def test_numbers_of_a_kind_have_so_many_decimals() -> None:
    assert (figures.fixed(7, 1), figures.fixed(-3.44, 1)) == ("7.0", "−3.4")
    assert (figures.fixed(-0.04, 1), figures.fixed(None, 1)) == ("0.0", "–")
    told = [figures.signed(value, 1) for value in (0.6, -0.6, 0.04, -0.04, None)]
    assert told == ["+0.6", "−0.6", "0.0", "0.0", "–"]
    assert figures.between((-3.4, 7.25), 2) == "−3.40 – 7.25"
    assert figures.between(None, 2) == "–"


def test_percent_has_one_decimal() -> None:
    assert figures.percent(0.12345) == "12.3%"
    assert figures.percent(1) == "100.0%"
    assert figures.share(1, 0) == "–"
    assert figures.k_of_n(12, 3450) == "12/3,450"


@pytest.mark.parametrize(
    ("now", "before", "unit", "expected"),
    [
        (110, 100, "percent", ("rise", "↑", "10.0%")),
        (90, 100, "percent", ("fall", "↓", "10.0%")),
        (0.35, 0.30, "points", ("rise", "↑", "5.0 points")),
    ],
)
def test_change_has_sign_word_and_base(
    now: float, before: float, unit: str, expected: tuple[str, ...]
) -> None:
    with override("en"):
        html = figures.change(now, before, "vs last week", unit)
    assert all(part in html for part in (*expected, "vs last week"))


def test_change_without_base_is_not_a_number() -> None:
    with override("en"):
        assert "no comparison" in figures.change(5, 0)
        assert "no comparison" in figures.change(5, None)
        assert "unchanged" in figures.change(5, 5)


def test_change_escapes_its_base() -> None:
    assert "<b>" not in figures.change(2, 1, "<b>")


def test_heat_classes() -> None:
    assert [figures.heat(x) for x in (0, 0.01, 0.5, 1, 1.2, None)] == [
        "heat-0",
        "heat-1",
        "heat-5",
        "heat-10",
        "heat-10",
        "",
    ]


def test_times_are_in_the_products_zone() -> None:
    product = SimpleNamespace(timezone="Asia/Shanghai")
    html = figures.moment(datetime(2026, 11, 22, 20, 5, tzinfo=UTC), product)
    assert ">2026-11-23 04:05<" in html
    assert "Asia/Shanghai" in html
    assert figures.moment(None) == "–"


def test_days_and_ages() -> None:
    with override("zh-hans"):
        assert figures.day(date(2026, 11, 22)) == "2026年11月22日"
        assert figures.ago(datetime.now(UTC) - timedelta(minutes=3)) == "3 分钟前"
        assert figures.duration(7200) == "2 小时"


def test_sparkline_marks_the_unfinished_end() -> None:
    assert 'class="unfinished"' in figures.sparkline([1, 2, 3], 1)
    assert "unfinished" not in figures.sparkline([1, 2, 3])
    assert figures.sparkline([1]) == ""


def test_lengths_of_working_time() -> None:
    cases = {
        timedelta(hours=2, minutes=30): ("2 小时 30 分", "2 h 30 min"),
        -timedelta(minutes=5): ("−5 分", "−5 min"),
        timedelta(hours=1_000): ("1,000 小时", "1,000 h"),
        timedelta(seconds=12): ("12 秒", "12 s"),
        timedelta(0): ("0 分", "0 min"),
    }
    for value, (zh, en) in cases.items():
        with override("zh-hans"):
            assert figures.span(value) == zh
        with override("en"):
            assert figures.span(value) == en
    assert figures.span(None) == "–"
    assert figures.clock(datetime(2026, 10, 8, 1, 30, tzinfo=UTC), "Asia/Shanghai") == "09:30"
    with override("en"):
        assert figures.month_name(date(2026, 10, 1)) == "October"
