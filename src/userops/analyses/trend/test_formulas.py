from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.analyses.trend.formulas import parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A/B*100", 50.0), ("a / b", 0.5), ("A+B*2", 10.0), ("(A+B)*2", 12.0), ("-A", -2.0),
        ("A--B", 6.0), ("1.5*.5", 0.75), ("A/(B-4)", None), ("A-B-1", -3.0), ("B/A/2", 1.0),
        ("2", 2.0), ("((((A))))", 2.0), ("A*C", None),
    ],
)  # fmt: skip
def test_formulas_follow_the_usual_rules(text, expected):
    assert parse(text, 3)([2, 4, None]) == expected


@pytest.mark.parametrize(
    "text",
    ["", "A+", "A B", "2A", "A**B", "(A", "A)", "A;B", "AB", "__", "A%B", "1..2", "()",
     "(" * 150 + "A"],
)  # fmt: skip
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="formula_syntax"):
        parse(text, 2)


def test_a_series_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="formula_series"):
        parse("A/C", 2)


@st.composite
def sums(draw: st.DrawFn, depth: int = 3) -> str:
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(["A", "B", "3", "0", "2.5"]))
    left, right = draw(sums(depth - 1)), draw(sums(depth - 1))
    return f"({left} {draw(st.sampled_from('+-*/'))} {right})"


@given(text=sums(), a=st.integers(-9, 9), b=st.integers(-9, 9))
def test_a_formula_is_what_python_computes(text, a, b):
    try:
        expected = eval(text, {"A": a, "B": b})
    except ZeroDivisionError:
        expected = None
    found = parse(text, 2)([a, b])
    assert found is None if expected is None else found == pytest.approx(expected)
