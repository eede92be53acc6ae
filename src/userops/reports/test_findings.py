"""What rules may say of a period: comparisons that hold, and nothing that only the begin of the data makes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from userops.analyses.table import Column, Table
from userops.reports.book import Book, Finding, Frozen
from userops.reports.kinds.feedback.before import drawn_before, known_before
from userops.reports.kinds.user_analysis.asking import TOLD_APART, property_of
from userops.reports.kinds.user_analysis.chapters.behaviour import lifecycle
from userops.reports.kinds.user_analysis.chapters.size import FIGURES as SIZE
from userops.reports.kinds.user_analysis.concluding import _heaviest
from userops.reports.kinds.user_analysis.findings.behaviour import (
    coming_and_going,
    funnel,
    rhythm,
    stickiness,
    weekdays,
)
from userops.reports.kinds.user_analysis.findings.churn import at_risk, silence
from userops.reports.kinds.user_analysis.findings.data import machines
from userops.reports.kinds.user_analysis.findings.needs import unmet
from userops.reports.kinds.user_analysis.findings.retention import overall
from userops.reports.kinds.user_analysis.findings.size import active_users, last_year, year_on_year
from userops.reports.kinds.user_analysis.tables import segment_matrix
from userops.reports.kinds.user_analysis.tabulating import (
    days_of_weekdays,
    groups_of_enough,
    proved,
)
from userops.reports.outline import NotComputable
from userops.reports.periods import period_of
from userops.reports.publication import grid_of
from userops.reports.quoting import filled
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


def said(found, frozen, language):
    """A sentence as it is read."""
    return filled(found.words.text(language), {frozen.key: frozen.values}, language)


def clock(name, index, totals):
    return [
        {"index": index, "breakdown": {name: value}, "total": total}
        for value, total in totals.items()
    ]


@pytest.mark.parametrize(
    ("alike", "zh", "en"),
    [
        ((9,), "一天中 9 点来的人最多（本期 30 人）", "in the hour that begins at 9:00 (30 in the period)"),
        (
            (9, 10, 11),
            "一天中 9 点、10 点、11 点来的人最多（本期各 30 人）",
            "in the hours that begin at 9:00, 10:00 and 11:00 (each 30 in the period)",
        ),
        (range(9, 20), None, None),
    ],
)  # fmt: skip
def test_hours_that_are_the_most_alike_are_all_named(alike, zh, en):
    hours = {f"{at:02d}": 30 if at in alike else 2 if at == 3 else 5 + at % 3 for at in range(24)}
    frozen = Frozen("hours", {"series": clock("$hour", 0, hours)})
    found = list(rhythm(Book(subject(), {"hours": frozen})))
    assert [zh in said(each, frozen, "zh") for each in found] == [True] * bool(zh)
    assert not any("， " in said(each, frozen, "zh") for each in found)
    assert [en in said(each, frozen, "en") for each in found] == [True] * bool(en)


def test_the_events_of_a_weekday_are_told_as_in_the_table():
    totals = {str(day): 51 if day == 7 else 300 + day for day in range(1, 8)}
    frozen = Frozen("weekdays", {"series": clock("$weekday", 1, totals)})
    (found,) = weekdays(Book(subject(), {"weekdays": frozen}))
    assert "the fewest, 13 a day." in said(found, frozen, "en")


def test_averages_of_a_sentence_have_the_same_decimals():
    values = {"f": {"a": {"value": 2, "type": "number"}, "b": {"value": 8.31, "type": "number"}}}
    assert filled("{{f.a|round}} {{f.b|round}}", values, "en") == "2.0 8.3"


@pytest.mark.parametrize(
    ("count", "made", "doubt"),
    [
        (1, "1 id made at least 1,000 events in", "It may be a machine or bulk work; once checked, leave it"),
        (2, "2 ids made at least 1,000 events each", "They may be machines or bulk work; once checked, leave them"),
    ],
)  # fmt: skip
def test_one_machine_is_one(count, made, doubt):
    result = {"buckets": [{"from": 1}, {"from": 1_000}], "counts": [90, count], "median": 6}
    frozen = Frozen("busiest", result)
    (found,) = machines(Book(subject(), {"busiest": frozen}))
    assert made in said(found, frozen, "en") and doubt in said(found, frozen, "en")


@pytest.mark.parametrize(
    ("before", "within"), [(109, True), (180, False), (92, True), (40, False)]
)  # fmt: skip
def test_users_of_a_year_before_are_compared_with_an_interval(before, within):
    frozen = Frozen(
        "active_year", {"series": [{"total": 92, "comparison": {"total": before, "points": []}}]}
    )
    about = subject(now=datetime(2026, 11, 1, 22, tzinfo=UTC))
    (found,) = last_year(Book(about, {"active_year": frozen}))
    zh, en = (said(found, frozen, each) for each in ("zh", "en"))
    assert ("在随机波动之内" in zh, "within chance" in en) == (within, within)
    if before == 109:
        assert "year on year −15.6%, 95% interval −36.0% to +11.4%" in en
    # the first page says the same value: it must not lose its interval
    year_on_year(frozen)
    assert frozen.values["change_year"]["low"] < frozen.values["change_year"]["value"]


@pytest.mark.parametrize(("due", "waiting"), [(100, False), (60, True)])
def test_who_is_left_out_of_retention_is_told_where_some_are(due, waiting):
    kn = [[100, 100], [20, 100], [0, 100], [0, 100], [0, 100], [0, 100], [0, 100], [9, due]]
    result = {
        "average": [k / n for k, n in kn], "average_kn": kn, "average_interval": [[0, 1]] * len(kn),
        "cohorts": [],
    }  # fmt: skip
    document = SimpleNamespace(as_json=lambda: {"unit": "day"})
    frozen = Frozen("retention", result, SimpleNamespace(document=document))
    (found,) = overall(Book(subject(), {"retention": frozen}))
    assert "20.0% (20/100) came back on day 1" in said(found, frozen, "en")
    assert ("whose day has not come" in found.words.en) == waiting
    assert ("已到期" in found.words.zh) == waiting


def test_a_verdict_goes_on_after_its_colon_in_small_letters():
    def heaviest(en):
        return _heaviest([Finding(Words("一；二。", en))]).en

    assert heaviest("From May on, sales rose. Ask why.") == "from May on, sales rose"
    assert heaviest("Key users fell; look.") == "Key users fell"


def test_a_silence_says_of_whom_and_a_risk_says_of_how_many_days():
    """Fourteen days away are not the silence that the report calls churn."""
    asked = SimpleNamespace(
        document=SimpleNamespace(as_json=lambda: {"unit": "week", "horizon": 14, "window": 14})
    )
    churn = Frozen(
        "churn",
        {
            "window": 70, "users": 2251, "gone": 321, "gone_share": 0.143, "average": None,
            "suggested": {"by": "threshold"}, "curve": [],
        },
        asked,
    )  # fmt: skip
    (found,) = silence(Book(subject(), {"churn": churn}))
    assert "of the users of the whole weeks that the period touches, 14.3% (321/2,251)" in said(
        found, churn, "en"
    )
    assert "本期所涉各整周的用户中，14.3%（321/2,251）到期末已沉默这么久" in said(
        found, churn, "zh"
    )
    band = {
        "band": "very_high", "users": 48, "tested": 58, "left": 48, "share": 0.83, "low": 0.7, "high": 0.9,
    }  # fmt: skip
    risk = Frozen(
        "risk", {"reason": None, "bands": [band], "drivers": [], "users": 778, "expected": 543}, asked
    )  # fmt: skip
    (found,) = at_risk(Book(subject(), {"risk": risk}))
    assert "Of the 778 users of the last 14 days, 543 are expected to stay away" in said(
        found, risk, "en"
    )
    assert "最近 14 天来过的 778 名用户中，预计 543 人此后 14 天不再来" in said(found, risk, "zh")


@pytest.mark.parametrize(("chance", "told"), [(0.414, False), (0.193, True)])
def test_a_silence_after_which_many_return_is_not_called_churn(chance, told):
    asked = SimpleNamespace(
        document=SimpleNamespace(as_json=lambda: {"unit": "week", "horizon": 14})
    )
    result = {
        "window": 2, "users": 61, "gone": 60, "gone_share": 60 / 61, "suggested": {"by": "knee"},
        "curve": [{"days": 2, "chance": chance}],
        "average": {"active": 42, "churned": 36, "rate": 36 / 42},
    }  # fmt: skip
    frozen = Frozen("churn", result, asked)
    found = list(silence(Book(subject(), {"churn": frozen})))
    text = " ".join(said(each, frozen, "en") for each in found)
    assert ("98.4% (60/61)" in text, "85.7% (36/42)" in text) == (told, told)
    assert ("no churn rate is given" in text) == (not told)
    assert f"{chance:.1%}" in text


def test_that_nothing_can_be_told_of_growth_is_not_steadiness():
    points = [
        {"new": 3, "resurrected": 6 * (at % 3), "dormant": 10 * ((at + 1) % 3), "unfinished": False}
        for at in range(6)
    ]
    average = {"new": 3, "returning": 7, "resurrected": 6, "dormant": 10, "active": 16}
    asked = SimpleNamespace(document=SimpleNamespace(as_json=lambda: {"unit": "week"}))
    frozen = Frozen("lifecycle", {"average": average, "points": points}, asked)
    (found,) = coming_and_going(Book(subject(), {"lifecycle": frozen}))
    assert "differ no more than weeks do, so no growth or decline can be told" in said(
        found, frozen, "en"
    )
    assert "7.0 users stayed, 3.0 were new" in said(found, frozen, "en")
    assert "不超出各周之间的波动，看不出活跃规模的增减" in said(found, frozen, "zh")


def test_a_conversion_says_within_how_long():
    steps = [{"users": 68}, {"users": 16, "rate_from_first": 16 / 68, "interval": [0.15, 0.35]}]
    asked = SimpleNamespace(document=SimpleNamespace(as_json=lambda: {"window": "1d"}))
    frozen = Frozen("funnel", {"steps": steps}, asked)
    about = subject(funnel=("sent", "kept"))
    (found,) = funnel(Book(about, {"funnel": frozen}))
    assert (
        said(found, frozen, "en")
        == "23.5% (16/68) of those who did “sent” went on to “kept” within 24 hours, 95% interval 15.0% to 35.0%."
    )
    assert said(found, frozen, "zh").startswith("24 小时内从“sent”到“kept”的转化为 23.5%（16/68）")
