"""A KPI against its target: five answers."""

from __future__ import annotations

import pytest

from userops.reports.targets import STATES, Measured, judged


@pytest.mark.parametrize(
    ("value", "low", "high", "n", "state"),
    [
        (0.97, 0.951, 0.98, 900, "met"),
        (0.95, 0.95, 0.96, 900, "met"),
        (0.96, 0.93, 0.98, 300, "met_weak"),
        (0.96, None, None, 300, "met_weak"),
        (0.94, 0.91, 0.96, 300, "missed_weak"),
        (0.90, 0.88, 0.92, 900, "missed"),
        (1.00, 0.88, 1.00, 29, "too_few"),
    ],
)
def test_status_is_value_and_certainty(value, low, high, n, state):
    assert judged(Measured(value, low, high, n), 0.95, 30) == state
    assert STATES[state].zh and STATES[state].en
