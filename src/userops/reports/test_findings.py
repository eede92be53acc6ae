"""What rules may say of a period: comparisons that hold, and nothing that only the begin of the data makes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from userops.analyses.table import Column, Table
from userops.reports.book import Book, Frozen
from userops.reports.kinds.feedback.before import drawn_before, known_before
from userops.reports.kinds.user_analysis.asking import TOLD_APART, property_of
from userops.reports.kinds.user_analysis.chapters.behaviour import lifecycle
from userops.reports.kinds.user_analysis.chapters.size import FIGURES as SIZE
from userops.reports.kinds.user_analysis.findings.behaviour import rhythm, stickiness
from userops.reports.kinds.user_analysis.findings.needs import unmet
from userops.reports.kinds.user_analysis.findings.size import active_users, last_year
from userops.reports.kinds.user_analysis.tables import segment_matrix
from userops.reports.kinds.user_analysis.tabulating import (
    days_of_weekdays,
    groups_of_enough,
    proved,
)
from userops.reports.outline import NotComputable
from userops.reports.periods import period_of
from userops.reports.publication import grid_of
from userops.reports.subject import Subject
from userops.words import Words


def subject(first_day=date(2026, 1, 1), now=datetime(2026, 11, 27, tzinfo=UTC), **more):
    zone = ZoneInfo("Asia/Shanghai")
    return Subject("p", zone, period_of("2026-10"), now, first_day, **more)


@pytest.mark.parametrize(
    ("first_day", "begin"),
    [
        (date(2026, 1, 1), None),
        (date(2026, 9, 21), None),  # a Monday: the week before that of October 1 is whole
        (date(2026, 9, 22), "2026-10-05"),
        (date(2026, 9, 29), "2026-10-12"),
    ],
)
def test_nobody_came_back_because_the_data_began(first_day, begin):
    assert lifecycle(subject(first_day)).get("range", {}).get("from") == begin


def test_without_an_interval_before_there_is_no_lifecycle():
    with pytest.raises(NotComputable):
        lifecycle(subject(date(2026, 10, 20)))


def test_a_title_says_by_what_groups_are_told_apart_and_no_figure_comes_twice():
    plans = {plan.key: plan for plan in SIZE}
    about = subject(
        properties={"event": frozenset({"platform", "city"}), "user": frozenset()},
        named_properties={"platform": Words("平台", "platform")},
    )
    title = plans["users_by_segment"].title_of(about)
    assert (title.zh, title.en) == ("活跃用户按“平台”", "Active users by platform")
    with pytest.raises(NotComputable):
        plans["users_by_platform"].ask(about)
    assert plans["users_by_city"].ask(about)["breakdown"] == [{"property": "city", "of": "event"}]
    assert plans["users_by_segment"].title_of(subject()).en == "Active users by segment"


def test_the_matrix_tells_of_the_same_groups_or_nothing():
    """Groups that another answer did not tell apart have no zero, and its others are not those of the matrix."""

    def lines(index, **totals):
        return [
            {"index": index, "breakdown": {"c": {"rest": "$others"}.get(value, value)}, "total": total,
             "points": [["2026-10-31", total]]}
            for value, total in totals.items()
        ]  # fmt: skip

    def trend(key, *series):
        return Frozen(key, {"series": [line for each in series for line in each]})

    kept = {"average": [1.0, 0.5], "cohorts": [{"size": 9}]}
    groups = [{**kept, "breakdown": {"c": value}} for value in ("a", "$others")]
    document = SimpleNamespace(as_json=lambda: {"unit": "day"})
    figures = {
        "users_by_segment": trend("u", lines(0, a=10, b=4, rest=6)),
        "weekly_by_segment": trend("w", lines(0, a=5, b=1, x=2, y=3)),
        "retention_by_segment": Frozen(
            "r", {"breakdown": groups}, SimpleNamespace(document=document)
        ),
        "revenue_by_segment": trend(
            "v", lines(0, a=10, b=4, rest=6), lines(1, a=30, rest=12), lines(2, a=3, rest=2)
        ),
    }
    table = segment_matrix(Book(subject(), figures))
    names = [column.name for column in table.columns]
    rows = {row[0].en: dict(zip(names, row, strict=True)) for row in table.rows}
    assert [rows[g]["wau"] for g in ("a", "b", "others")] == [5, 1, None]
    assert [rows[g]["new"] for g in ("a", "b", "others")] == [9, None, None]
    assert [rows[g]["payers"] for g in ("a", "b", "others")] == [3, 0, 2]
    assert [rows[g]["per_user"] for g in ("a", "b", "others")] == [3, 0, 2]


def test_properties_that_the_data_has_not_are_told_once():
    """Each figure's reason names all of them, so equal reasons stand as one line."""
    reasons = set()
    for name, of in TOLD_APART:
        with pytest.raises(NotComputable) as why:
            property_of(subject(), name, of)
        reasons.add(why.value.words)
    (reason,) = reasons
    assert all(name in reason.zh and name in reason.en for name, _of in TOLD_APART)


def test_lines_of_few_are_not_drawn():
    option = {
        "legend": {"data": ["Average", "a", "b"]},
        "series": [{"type": "line", "name": name} for name in ("Average", "a", "b")]
        + [{"type": "heatmap"}],
    }
    groups = [{"cohorts": [{"size": 20}, {"size": 10}]}, {"cohorts": [{"size": 29}]}]
    answered = SimpleNamespace(chart=lambda _language: option)
    drawn = groups_of_enough(Frozen("r", {"breakdown": groups}, answered), subject(), "en")
    assert drawn["legend"]["data"] == ["Average", "a"]
    assert drawn["userops"]["format"] == "percent"
    assert [each.get("name") for each in drawn["series"]] == ["Average", "a", None]


def test_a_year_is_not_compared_twice():
    about = subject(date(2024, 1, 1))
    year = replace(about, period=period_of("2025"), now=datetime(2026, 11, 27, tzinfo=UTC))
    plans = {plan.key: plan for plan in SIZE}
    with pytest.raises(NotComputable):
        plans["active"].ask(year)
    assert plans["active_year"].ask(year)["compare"] == "same_period_last_year"
    assert plans["active"].ask(about)["compare"] == "previous_period"


def test_days_after_the_data_are_compared_with_nothing():
    """51 days of a quarter stand against 51 days of the year before, not against all of its quarter."""
    quarter = period_of("2026-Q3")
    known = quarter.known(date(2026, 8, 20))
    assert (known.days, known.year_before.last_day) == (51, date(2025, 8, 20))
    assert known.before.last_day == date(2026, 6, 30) and known.before.first == date(2026, 5, 11)
    assert quarter.known(date(2026, 7, 31)) == period_of("2026-07")
    for elsewhere in (None, date(2026, 6, 30), date(2026, 9, 30), date(2026, 10, 1)):
        assert quarter.known(elsewhere) == quarter


@pytest.mark.parametrize(("day", "told"), [(20, False), (31, True)])
def test_a_period_that_goes_on_has_no_sum_to_compare(day, told):
    points = [[f"2026-10-{at:02}", 50] for at in range(1, 32)]
    before = {"points": [[f"2026-09-{at:02}", 20] for at in range(1, 31)], "total": 90}
    result = {"series": [{"points": points, "total": 120, "comparison": before}]}
    frozen = {key: Frozen(key, result) for key in ("active", "active_year")}
    about = subject(now=datetime(2026, 10, day, 22, tzinfo=UTC))
    (daily,) = active_users(Book(about, frozen))
    assert ("上期 {{" in daily.words.zh, "in all" in daily.words.en) == (told, told)
    assert bool(list(last_year(Book(about, frozen)))) == told


def test_a_month_has_more_of_some_weekdays():
    whole = days_of_weekdays(subject())
    assert [whole[str(day)] for day in range(1, 8)] == [4, 4, 4, 5, 5, 5, 4]
    running = days_of_weekdays(subject(now=datetime(2026, 10, 8, 2, tzinfo=UTC)))
    assert running["4"] == 2 and running["3"] == 1
    ended = days_of_weekdays(subject(first_day=date(2026, 10, 5), last_day=date(2026, 10, 6)))
    assert ended == {"1": 1, "2": 1}


@pytest.mark.parametrize(
    ("first_day", "told"), [(date(2026, 9, 2), True), (date(2026, 9, 3), False)]
)
def test_users_of_a_month_are_told_only_where_the_month_is_known(first_day, told):
    result = {"average": 4.5, "ratio": {"dau_mau": 0.2}}
    question = SimpleNamespace(document=SimpleNamespace(as_json=lambda: {"unit": "day"}))
    book = Book(subject(first_day), {"stickiness": Frozen("stickiness", result, question)})
    (found,) = stickiness(book)
    assert ("DAU/MAU" in found.words.zh, "DAU/MAU" in found.words.en) == (told, told)


def test_no_feature_is_what_nobody_chooses_or_the_funnel_tells():
    gap = {
        "kind": "gap", "more": None, "users": 80, "whole": 100, "share": 0.8, "interval": [0.7, 0.9],
        "rest": 0.1, "rest_kn": [10, 100],
    }  # fmt: skip
    names = ("app_update", "push_click", "add_to_cart", "check_in")
    needs = [{**gap, "name": name, "rest": 0.1 * at} for at, name in enumerate(names)]
    about = subject(roles={"cart": "add_to_cart"})
    (found,) = unmet(Book(about, {"needs": Frozen("needs", {"needs": needs})}))
    assert "签到" not in found.words.zh and found.key == "gap"
    assert "{{needs.gap_share|kn}}" in found.words.zh and "{{needs.gap_rest|kn}}" in found.words.en


def test_a_month_in_which_the_data_ended_is_not_over():
    """What came to an end on the 9th is no fall of the days after it."""
    about = subject(last_day=date(2026, 10, 9))
    assert about.today == date(2026, 10, 10) and not about.finished
    assert subject().finished and subject().today == date(2026, 11, 27)


@pytest.mark.parametrize(("predicted", "told"), [(789.4, False), (640, True)])
def test_a_forecast_that_its_back_test_does_not_bear_is_not_shown(predicted, told):
    test = {"predicted": predicted, "actual": 609, "ratio": predicted / 609}
    frozen = Frozen("predicted_value", {"backtest": test})
    if told:
        assert proved(frozen, subject()) is None
        return
    with pytest.raises(NotComputable) as why:
        proved(frozen, subject())
    assert "789" in why.value.words.zh and "609" in why.value.words.en


def test_the_mark_of_incomplete_periods_is_left_out_where_there_are_none():
    columns = [
        {"name": "a", "title": "A", "type": "whole"}, {"name": "unfinished", "title": "U", "type": "whole"},
    ]  # fmt: skip
    assert [c.name for c in grid_of({"columns": columns, "rows": [[1, 0], [2, 0]]}).columns] == [
        "a"
    ]
    marked = grid_of({"columns": columns, "rows": [[1, 0], [2, 1]]})
    assert (len(marked.columns), marked.rows) == (2, ((1, 0), (2, 1)))


@pytest.mark.parametrize(
    ("hours", "told"), [(24, "3:00 (5)"), (20, "nobody in {{hours.empty}} hours")]
)
def test_the_hour_of_fewest_is_not_one_after_which_nobody_came(hours, told):
    """Hours without users have no line of their own."""
    lines = [
        {"index": 0, "breakdown": {"$hour": f"{at:02d}"}, "total": 5 if at == 3 else 20 + at}
        for at in range(hours)
    ]
    frozen = Frozen("hours", {"series": lines})
    (found,) = rhythm(Book(subject(), {"hours": frozen}))
    values = {
        f"{{{{hours.{name}}}}}": str(v.get("en", v["value"])) for name, v in frozen.values.items()
    }
    text = found.words.en
    for name, value in values.items():
        text = text if name in told else text.replace(name, value)
    assert told in text
    assert hours == 24 or frozen.values["empty"]["value"] == 4


@pytest.mark.parametrize(("first", "kept"), [(date(2026, 9, 1), True), (date(2026, 9, 20), False)])
def test_a_part_of_the_period_before_is_compared_with_nothing(first, kept):
    """Three tickets of the last days of September are no September."""
    names = ("topic", "tickets", "before", "change")
    whole = Table(tuple(Column(each, Words(each, each)) for each in names), [("a", 9, 3, 2.0)])
    bars = {"series": [{"name": "now"}, {"name": "before"}], "legend": {"top": 0}}
    answered = SimpleNamespace(table=lambda: whole, chart=lambda _language: bars)
    frozen, about = Frozen("hot_topics", {}, answered), subject(first)
    table = known_before(frozen, about)
    assert (table is None) == kept
    assert kept or ([c.name for c in table.columns], table.rows) == (
        ["topic", "tickets"],
        [("a", 9)],
    )
    assert len(drawn_before(frozen, about, "en")["series"]) == 1 + kept
