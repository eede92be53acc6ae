from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from userops.analyses.trend import TREND
from userops.analyses.trend.document import Trend
from userops.errors import DocumentError


def ask(scope: Any, stream: dict[str, Any], **document: Any) -> dict[str, Any]:
    days = {"from": stream["first"], "to": stream["last"]}
    question = Trend.model_validate({"product": "shop", "range": days, **document})
    return TREND.run(question.resolve(scope), scope)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def day(event: str, uid: int, text: str, **more: Any) -> dict[str, Any]:
    return {"event": event, "uid": uid, "ts": at(text), **more}


MARCH = {"first": "2024-03-01", "last": "2024-03-31"}


def test_missing_intervals_are_zeros_for_counts_and_empty_for_averages(make_scope):
    scope = make_scope([day("pay", 1, "2024-03-02T10:00", amount=5.0)])
    series = [
        {"event": "pay"},
        {"event": "pay", "measure": "sum", "property": "amount"},
        {"event": "pay", "measure": "avg", "property": "amount"},
    ]
    days = {"first": "2024-03-01", "last": "2024-03-03"}
    total, sum_, average = ask(scope, days, series=series)["series"]
    assert total["points"] == [["2024-03-01", 0], ["2024-03-02", 1], ["2024-03-03", 0]]
    assert [value for _, value in sum_["points"]] == [0, 5.0, 0]
    assert [value for _, value in average["points"]] == [None, 5.0, None]


def test_an_empty_product_answers_zeros_and_no_groups(make_scope):
    scope = make_scope([])
    (entry,) = ask(scope, MARCH, series=[{"event": "pay"}])["series"]
    assert entry["total"] == 0
    assert len(entry["points"]) == 31
    empty = ask(scope, MARCH, series=[{"event": "pay"}], breakdown=["city"])
    assert empty["series"] == []
    question = Trend.model_validate(
        {
            "product": "p", "range": {"from": "2024-03-01", "to": "2024-03-02"},
            "series": [{"event": "pay"}], "breakdown": ["city"],
        }
    )  # fmt: skip
    result = TREND.run(question, scope)
    assert TREND.table(question, result).rows == []
    assert TREND.chart(question, result, "zh")["series"] == []


def test_formulas_are_computed_per_point_and_are_empty_when_dividing_by_zero(make_scope):
    scope = make_scope(
        [day("view", 1, "2024-03-01T10:00"), day("view", 2, "2024-03-01T11:00"),
         day("pay", 1, "2024-03-01T12:00"), day("pay", 1, "2024-03-02T12:00")]
    )  # fmt: skip
    result = ask(
        scope,
        {"first": "2024-03-01", "last": "2024-03-02"},
        series=[{"event": "view"}, {"event": "pay"}],
        formulas=[{"formula": "B/A*100", "name": "rate"}],
    )
    rate = result["series"][2]
    assert rate["formula"] == "B/A*100"
    assert rate["points"] == [["2024-03-01", 50.0], ["2024-03-02", None]]
    assert rate["total"] == 100.0


def test_the_previous_period_of_a_whole_month_is_the_month_before(make_scope):
    events = [day("pay", 1, f"2024-02-{n:02}T10:00") for n in range(1, 30)]
    events += [day("pay", 1, "2024-03-05T10:00"), day("pay", 2, "2023-03-31T10:00")]
    scope = make_scope(events)
    series = [{"event": "pay"}]
    (entry,) = ask(scope, MARCH, series=series, unit="month", compare="previous_period")["series"]
    assert entry["comparison"]["points"] == [["2024-02-01", 29]]
    assert entry["comparison"]["change"] == pytest.approx(1 / 29 - 1)
    (entry,) = ask(scope, MARCH, series=series, compare="previous_period")["series"]
    assert entry["comparison"]["points"][0] == ["2024-01-30", 0]
    assert len(entry["comparison"]["points"]) == 31
    year = ask(scope, MARCH, series=series, compare="same_period_last_year")
    assert year["comparison"] == {"from": "2023-03-01", "to": "2023-03-31"}
    assert year["series"][0]["comparison"]["total"] == 1


def test_unfinished_and_cut_intervals_are_marked(make_scope):
    scope = make_scope([], now=datetime(2024, 3, 20, 12, tzinfo=UTC))
    result = ask(
        scope, {"first": "2024-03-06", "last": "2024-03-21"}, unit="week", series=[{"event": "a"}]
    )
    assert result["unfinished"] == ["2024-03-18"]
    assert result["partial"] == ["2024-03-04", "2024-03-18"]
    question = Trend.model_validate(
        {"product": "p", "range": {"from": "2024-03-06", "to": "2024-03-21"}, "unit": "week",
         "series": [{"event": "a"}]}
    )  # fmt: skip
    solid, dashed = TREND.chart(question, result, "zh")["series"]
    assert (solid["data"], dashed["data"]) == ([None, 0, None], [0, 0, 0])
    assert dashed["lineStyle"] == {"type": "dashed"}
    assert [row[-1] for row in TREND.table(question, result).rows] == [1, 0, 1]


def test_a_trend_of_whole_intervals_has_nothing_dashed(make_scope):
    scope = make_scope([], now=datetime(2024, 4, 20, 12, tzinfo=UTC))
    series = [{"event": "a"}]
    result = ask(scope, {"first": "2024-03-04", "last": "2024-03-17"}, unit="week", series=series)
    question = Trend.model_validate(
        {
            "product": "p",
            "range": {"from": "2024-03-04", "to": "2024-03-17"},
            "unit": "week",
            "series": series,
        }
    )
    (line,) = TREND.chart(question, result, "zh")["series"]
    assert line["data"] == [0, 0]


def test_rest_beyond_the_drawn_lines_is_recomputed_for_distinct_users(make_scope):
    events = [day("pay", 1, "2024-03-02T10:00", city=f"c{n:02}") for n in range(12)]
    events += [day("pay", 2, "2024-03-02T10:00", city=f"c{n:02}") for n in range(8)]
    scope = make_scope(events)
    document = {"series": [{"event": "pay", "measure": "users"}], "breakdown": ["city"]}
    result = ask(scope, MARCH, **document)
    assert len(result["series"]) == 12
    assert result["rest"][0]["total"] == 1
    question = Trend.model_validate(
        {"product": "p", "range": {"from": "2024-03-01", "to": "2024-03-31"}, **document}
    )
    option = TREND.chart(question, result, "zh")
    assert [line["name"] for line in option["series"]] == [*(f"c{n:02}" for n in range(8)), "其他"]


@pytest.mark.parametrize("measure", ["total", "users", "wau", "per_user"])
def test_the_rest_is_what_a_filter_on_the_rest_gives(make_scope, measure):
    events = [
        day("pay", n % 5, f"2024-03-{1 + n % 9:02}T10:00", city=f"c{n % 17}") for n in range(90)
    ]
    scope = make_scope(events)
    asked = {"series": [{"event": "pay", "measure": measure}, {"event": "pay"}]}
    result = ask(scope, MARCH, **asked, breakdown=["city"], formulas=[{"formula": "A/B"}])
    drawn = [each["breakdown"]["city"] for each in result["series"][: result["drawn"]]]
    assert len(drawn) == 8
    others = [{"property": "city", "op": "is_not", "value": drawn}]
    alone = ask(scope, MARCH, **asked, formulas=[{"formula": "A/B"}], filters=others)["series"]
    for rest, expected in zip(result["rest"], alone, strict=True):
        assert rest["breakdown"] == {"city": "$rest"}
        assert (rest["total"], rest["points"]) == (expected["total"], expected["points"])


ODD = "a`b'\\\"; drop table events --"


@pytest.mark.parametrize("name", ['x"} or 1=1; drop table events --', ODD, "城市 1", "$x", "a.b"])
def test_hostile_names_and_values_are_only_values(make_scope, name):
    scope = make_scope([day(ODD, 1, "2024-03-02T10:00", props={name: ODD})])
    result = ask(
        scope,
        MARCH,
        series=[{"event": ODD}, {"event": ODD, "measure": "distinct", "property": name}],
        breakdown=[name],
        filters=[{"property": name, "op": "is", "value": ODD}],
    )
    assert [entry["total"] for entry in result["series"]] == [1, 1]
    assert result["series"][0]["breakdown"] == {name: ODD}


def test_the_chart_is_solid_until_now_and_dashed_after(make_scope):
    scope = make_scope(
        [day("pay", 1, "2024-03-02T10:00")], now=datetime(2024, 3, 3, 12, tzinfo=UTC)
    )
    question = Trend.model_validate(
        {"product": "p", "range": {"from": "2024-03-01", "to": "2024-03-03"}, "series": [{"event": "pay"}]}
    )  # fmt: skip
    option = TREND.chart(question, TREND.run(question, scope), "en")
    solid, dashed = option["series"]
    assert solid["data"] == [0, 1, None]
    assert dashed["data"] == [None, 1, 0]
    assert dashed["lineStyle"]["type"] == "dashed"
    assert solid["name"] == dashed["name"] == "pay"
    assert dashed["endLabel"]["show"]


@pytest.mark.parametrize(
    ("until", "known"),
    [
        (None, [0, 1, 0, None]),
        ("2024-03-02T18:00:00+00:00", [0, 1, None, None]),
        ("2024-03-03T00:00:00+00:00", [0, 1, None, None]),
        ("2024-03-03T00:00:01+00:00", [0, 1, 0, None]),
    ],
)
def test_days_after_the_end_of_the_data_are_left_out_of_the_chart(make_scope, until, known):
    """Nothing is known of them: a line of zeros would say that everybody had gone."""
    now = datetime(2024, 3, 3, 12, tzinfo=UTC)
    range_ = {"from": "2024-03-01", "to": "2024-03-04"}
    question = Trend.model_validate(
        {"product": "p", "range": range_, "series": [{"event": "pay"}], "until": until}
    )
    scope = make_scope([day("pay", 1, "2024-03-02T10:00")], now=question.as_of(now))
    lines = TREND.chart(question, TREND.run(question, scope), "en")["series"]
    drawn = [
        next((each for each in values if each is not None), None)
        for values in zip(*(line["data"] for line in lines), strict=True)
    ]
    assert drawn == known


def test_the_table_has_a_row_per_group_and_interval(make_scope):
    scope = make_scope([day("pay", 1, "2024-03-02T10:00", city="上海", amount=2.0)])
    question = Trend.model_validate(
        {
            "product": "p", "range": {"from": "2024-03-01", "to": "2024-03-02"}, "breakdown": ["city"],
            "series": [{"event": "pay"}, {"event": "pay", "measure": "sum", "property": "amount"}],
            "formulas": [{"formula": "B/A"}], "compare": "previous_period",
        }
    )  # fmt: skip
    table = TREND.table(question, TREND.run(question, scope))
    assert [column.name for column in table.columns] == [
        "city", "start", "A", "A_compared", "B", "B_compared", "formula_1", "formula_1_compared",
        "unfinished",
    ]  # fmt: skip
    assert table.rows == [
        ("上海", date(2024, 3, 1), 0, 0, 0, 0, None, None, 0),
        ("上海", date(2024, 3, 2), 1, 0, 2.0, 0, 2.0, None, 0),
    ]


def test_the_definition_names_every_option():
    question = Trend.model_validate(
        {
            "product": "p", "range": {"from": "2024-03-01", "to": "2024-03-31"}, "unit": "month",
            "series": [{"event": "pay", "measure": "sum", "property": "amount"}, {"event": "*"}],
            "formulas": [{"formula": "A/B", "name": "客单价"}], "breakdown": ["city"],
            "filters": [{"property": "city", "op": "set"}], "compare": "previous_period",
        }
    )  # fmt: skip
    words = TREND.describe(question)
    for part in ["A = “pay”的“amount”总和", "任意事件", "“客单价” = A/B", "按月统计",
                 "2024-03-01 至 2024-03-31", "“city”", "环比", "2024-02-01 至 2024-02-29"]:  # fmt: skip
        assert part in words.zh
    for part in ["sum of “amount”", "any event", "by month", "2024-02-01 to 2024-02-29", "others"]:
        assert part in words.en


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"series": [{"event": "a", "measure": "sum"}]}, "measure_property_missing"),
        ({"series": [{"event": "a", "property": "x"}]}, "measure_property_extra"),
        ({"unit": "week", "series": [{"event": "a", "measure": "wau"}]}, "trailing_unit"),
        ({"formulas": [{"formula": "A+"}]}, "formula_syntax"),
        ({"formulas": [{"formula": "A+C"}]}, "formula_series"),
        ({"breakdown": ["city", "city"]}, "breakdown_twice"),
    ],
)
def test_wrong_documents_are_refused_with_a_code_that_has_words(change, code):
    with pytest.raises(ValueError, match=code):
        Trend.model_validate({"product": "p", "series": [{"event": "a"}], **change})
    assert code in TREND.problems


@pytest.mark.parametrize(
    "selection",
    [
        {"series": 1}, {"series": "x"}, {"start": "2024-03-99"}, {"breakdown": {"city": "x"}},
        {"comparison": True}, {"odd": 1},
    ],
)  # fmt: skip
def test_wrong_selections_are_refused(make_scope, selection):
    scope = make_scope([])
    question = Trend.model_validate(
        {"product": "p", "range": {"from": "2024-03-01", "to": "2024-03-31"}, "series": [{"event": "a"}]}
    )  # fmt: skip
    with pytest.raises(DocumentError) as wrong:
        TREND.people(question, scope, selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


def test_too_many_intervals_are_refused(make_scope):
    days = {"first": "1970-01-01", "last": "2040-12-31"}
    with pytest.raises(DocumentError) as wrong:
        ask(make_scope([]), days, unit="hour", series=[{"event": "a"}])
    assert wrong.value.code == "too_many_intervals"


def test_the_example_is_a_valid_document():
    TREND.describe(TREND.document.model_validate(TREND.example))
