"""How sentences write the values that they quote."""

from __future__ import annotations

import pytest

from userops.reports.quoting import filled

LOWER = {"value": -0.1503, "type": "points", "low": -0.1706, "high": -0.128}
TINY = {"value": 8 / 20_939, "type": "share", "k": 8, "n": 20_939}
SMALL = {"value": 0.0042, "type": "points", "low": -0.001, "high": 0.0094}
FELL = {"value": -0.189, "type": "change", "low": -0.293, "high": -0.085}
LIFT = {"value": 7.2, "type": "number", "low": 6.85, "high": 7.57}
SCORE = {"value": 81, "type": "number", "low": 76.34, "high": 84.9}
ORDERS = {"value": 287.4, "type": "whole", "low": 259.71, "high": 317.06}
MUCH = {"value": 4058.2, "type": "number", "low": 3859.4, "high": 4317.4}


@pytest.mark.parametrize(
    ("value", "way", "zh", "en"),
    [
        (LOWER, "", "−15.0 个百分点", "−15.0 points"),
        (LOWER, "size", "15.0 个百分点", "15.0 points"),
        (LOWER, "span", "12.8 至 17.1 个百分点", "12.8 to 17.1 points"),
        (LOWER, "interval", "−17.1 至 −12.8 个百分点", "−17.1 to −12.8 points"),
        (TINY, "kn", "<0.1%（8/20,939）", "<0.1% (8/20,939)"),
        (SMALL, "size", "0.42 个百分点", "0.42 points"),
        (SMALL, "span", "−0.10 至 0.94 个百分点", "−0.10 to 0.94 points"),
        (FELL, "size", "18.9%", "18.9%"),
        (FELL, "span", "8.5% 至 29.3%", "8.5% to 29.3%"),
        (LIFT, "", "7.20", "7.20"),
        (LIFT, "interval", "6.85 至 7.57", "6.85 to 7.57"),
        (SCORE, "", "81.0", "81.0"),
        (SCORE, "interval", "76.3 至 84.9", "76.3 to 84.9"),
        (ORDERS, "round", "287", "287"),
        (ORDERS, "interval", "260 至 317", "260 to 317"),
        (MUCH, "interval", "3,859 至 4,317", "3,859 to 4,317"),
        ({"value": 12, "type": "number"}, "", "12", "12"),
        ({"value": 33.333, "type": "number"}, "", "33.3", "33.3"),
    ],
)
def test_a_value_and_its_interval_have_the_same_decimals_and_direction(value, way, zh, en):
    text = "{{f.v|" + way + "}}" if way else "{{f.v}}"
    values = {"f": {"v": value}}
    assert (filled(text, values, "zh-hans"), filled(text, values, "en")) == (zh, en)
