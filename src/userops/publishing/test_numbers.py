from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from userops.publishing.content import Column, Grid
from userops.publishing.numbers import day, digits_of, k_of_n, shown
from userops.publishing.tables import cells
from userops.words import Words


@pytest.mark.parametrize(
    ("value", "kind", "zh", "en"),
    [
        (1234567, "whole", "1,234,567", "1,234,567"),
        (0, "whole", "0", "0"),
        (-3, "whole", "−3", "−3"),
        (1234, "gain", "+1,234", "+1,234"),
        (0, "gain", "0", "0"),
        (-3, "gain", "−3", "−3"),
        (12.3456, "number", "12.35", "12.35"),
        (12345, "compact", "1.2万", "12.3k"),
        (345678901, "compact", "3.5亿", "345.7M"),
        (0.12345, "share", "12.3%", "12.3%"),
        (Decimal("0.5"), "share", "50.0%", "50.0%"),
        (np.float64(0.0123), "points", "+1.23 个百分点", "+1.23 points"),
        (-0.0123, "change", "−1.2%", "−1.2%"),
        (-0.0123, "points", "−1.23 个百分点", "−1.23 points"),
        (0.2, "change", "+20.0%", "+20.0%"),
        (129_600, "seconds", "1.5 天", "1.5 days"),
        (7_200, "seconds", "2 小时", "2 hours"),
        (3_600, "seconds", "1 小时", "1 hour"),
        (90, "seconds", "1.5 分钟", "1.5 minutes"),
        (0.25, "seconds", "0.25 秒", "0.25 seconds"),
        (0, "seconds", "0 秒", "0 seconds"),
        (12.5, "money", "¥12.50", "CN¥12.50"),
        (-1234.4, "money", "−¥1,234", "−CN¥1,234"),
        (12.5, "money:GBP", "£12.50", "£12.50"),
        (date(2026, 9, 1), "date", "2026-09-01", "2026-09-01"),
        ("2026-09", "date", "2026-09", "2026-09"),
        (datetime(2026, 9, 1, 8, 30, tzinfo=UTC), "date", "2026-09-01 08:30", "2026-09-01 08:30"),
        (True, "text", "是", "yes"),
        ("北京", "text", "北京", "北京"),
        ("其他", "whole", "其他", "其他"),
        (7, "text", "7", "7"),
        (Words("其他", "others"), "text", "其他", "others"),
    ],
)
def test_a_value_is_written_by_its_type(value: Any, kind: str, zh: str, en: str) -> None:
    assert (shown(value, kind, "zh-hans"), shown(value, kind, "en")) == (zh, en)


@pytest.mark.parametrize("kind", ["text", "whole", "share", "points", "seconds", "date", "money"])
@pytest.mark.parametrize("nothing", [None, float("nan"), float("inf"), np.float64("nan")])
def test_what_is_not_known_is_a_dash(kind: str, nothing: Any) -> None:
    assert shown(nothing, kind, "zh-hans") == shown(nothing, kind, "en") == "–"


def test_days_and_parts_of_a_whole() -> None:
    assert day(date(2026, 11, 22), "zh-hans") == "2026年11月22日"
    assert day(date(2026, 11, 22), "en") == "Nov 22, 2026"
    assert k_of_n(12, 3450, "zh-hans") == "12/3,450"
    assert k_of_n(None, 3450, "en") == "–/3,450"


@pytest.mark.parametrize(
    ("values", "digits"),
    [
        ([3, 4, None], 0), ([7.2, 6.85], 2), ([7.2, 6.8], 1), ([0.004, 1], 0), ([5_382, 0.25], 1),
        ([15_221.5, 3.25], 0), ([], 0),
    ],
)  # fmt: skip
def test_decimals_of_a_column(values: list[float | None], digits: int) -> None:
    assert digits_of(values) == digits


def test_the_numbers_of_a_column_have_the_same_decimals() -> None:
    grid = Grid(
        (Column("lift", "倍数", "number"), Column("n", "人数", "whole")),
        ((7.2, 5), (6.85, None), (3, 1200)),
    )
    assert cells(grid, 9, "zh-hans") == [("7.20", "5"), ("6.85", "–"), ("3.00", "1,200")]
