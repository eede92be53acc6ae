from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.analyses.answering import parse
from userops.analyses.streams import CITY, GOLD, examples, matching, rows_of, scope_of, streams
from userops.analyses.value import VALUE
from userops.analyses.value.customers import customers, number_of, purchases
from userops.analyses.value.document import CustomerValue
from userops.analyses.value.oracle import histories
from userops.errors import DocumentError

SQL_DAY = 86_400_000


@examples(25)
@given(
    stream=streams(),
    event=st.sampled_from(["buy", ["buy", "view"], "*"]),
    filters=st.sampled_from([[], [CITY]]),
    own=st.sampled_from([[], [GOLD]]),
    back=st.integers(0, 20),
)
def test_customers_are_those_of_the_oracle(make_scope, stream, event, filters, own, back):
    scope = scope_of(make_scope, stream)
    days = {"from": stream["first"], "to": stream["last"]}
    question = CustomerValue.model_validate(
        {
            "product": "p",
            "range": days,
            "purchase": {"event": event, "filters": own},
            "filters": filters,
        }
    )
    day = date.fromordinal(stream["last"].toordinal() - back)
    found = customers(purchases(question, scope), number_of(day))
    rows = matching(rows_of(stream), event, [*filters, *own])
    wanted = histories(rows, scope.zone, stream["first"], day)
    assert found.person.tolist() == sorted(wanted)
    for place, person in enumerate(found.person.tolist()):
        mine = (found.repeats[place], found.last[place], found.watched[place])
        assert mine == wanted[person][:3]
        assert found.spent[place] == pytest.approx(float(wanted[person][3]))
    result = VALUE.run(question, scope)
    assert result["expected"] is None and "100" in result["reason"]["zh"]
    all_of_them = histories(rows, scope.zone, stream["first"], stream["last"])
    repeaters = sum(repeats > 0 for repeats, *_ in all_of_them.values())
    assert (result["customers"], result["repeaters"]) == (len(all_of_them), repeaters)
    everyone = VALUE.people(question, scope, {}, 100, 0)
    assert everyone.persons == sorted(all_of_them)


def cdnow_rows(path: Path) -> list[dict[str, Any]]:
    rows = []
    for line in path.read_text().splitlines():
        _master, customer, day, _cds, dollars = line.split()
        at = datetime(int(day[:4]), int(day[4:6]), int(day[6:]), 12, tzinfo=UTC)
        rows.append({"event": "buy", "uid": int(customer), "ts": int(at.timestamp()) * 1000,
                     "amount": float(dollars)})  # fmt: skip
    return rows


def cdnow_question(**more: Any) -> CustomerValue:
    days = {"from": "1997-01-01", "to": "1997-09-30"}
    return CustomerValue.model_validate({"product": "p", "range": days, "purchase": "buy", **more})


@pytest.fixture(scope="module")
def cdnow(make_scope: Any, real_data: Path) -> Any:
    return make_scope(cdnow_rows(real_data / "CDNOW_sample.txt"))


def test_cdnow_from_its_purchases_to_the_published_answer(cdnow):
    """Fader, Hardie & Lee (2005) and Fader & Hardie (2013), from the events themselves."""
    result = VALUE.run(cdnow_question(), cdnow)
    json.dumps(result, allow_nan=False)
    # as the API writes it: numbers of numpy are none to it
    assert orjson.loads(orjson.dumps(result)) == result
    assert (result["customers"], result["repeaters"]) == (2357, 946)
    found = [result["model"][name] for name in ("r", "alpha", "a", "b")]
    assert found == pytest.approx([0.24259, 4.41353, 0.79289, 2.42575], abs=1e-2)
    # the published histories are rounded to hundredths of a week
    assert result["model"]["log_likelihood"] == pytest.approx(-9582.4, abs=1.0)
    money = [result["spending"][name] for name in ("p", "q", "gamma")]
    assert money == pytest.approx([6.25, 3.74, 15.44], abs=2e-2)
    told = VALUE.page.notes(cdnow_question(), result, None)[-1]
    assert "purchases r 0.242" in told.en and "(log-likelihood −9,582.4)" in told.en
    assert "金额 p 6.2" in told.zh and "γ 15.4" in told.zh
    assert abs(result["correlation"]) < 0.2
    assert {each["customers"] for each in result["tenths"]} == {235, 236}
    ahead = result["expected"]
    low, high = ahead["purchases_interval"]
    assert low < ahead["purchases"] < high < 1.3 * ahead["purchases"]
    assert ahead["value_interval"][0] < ahead["value"] < ahead["value_interval"][1]
    bars = VALUE.chart(cdnow_question(), result, "en")["series"][0]["data"]
    assert bars == [round(each["value"]) for each in result["tenths"]]
    shares = [each["value_share"] for each in result["tenths"]]
    assert sum(shares) == pytest.approx(1) and shares == sorted(shares, reverse=True)


def test_cdnow_is_predicted_39_weeks_ahead(cdnow):
    """Fitted on 39 weeks, 39 more are predicted a little low, as published, and class by class."""
    days = {"from": "1997-01-01", "to": "1998-06-30"}
    result = VALUE.run(cdnow_question(range=days, holdout=39), cdnow)
    tested = result["backtest"]
    assert (tested["from"], tested["weeks"], tested["customers"]) == ("1997-10-01", 39, 2357)
    assert 1.0 < tested["ratio"] < 1.15
    for each in tested["classes"][:4]:
        assert each["predicted"] == pytest.approx(each["actual"], rel=0.3)
    assert tested["actual"] == tested["by_week"][-1]["actual"] == 1882
    assert 0.8 < tested["actual_value"] / tested["predicted_value"] < 1.25


def test_sums_of_money_are_told_in_the_currency_of_the_product(cdnow):
    question, pounds = cdnow_question(), replace(cdnow, currency="GBP")
    result = VALUE.run(question, pounds)
    low, high = result["expected"]["value_interval"]
    first = VALUE.page.notes(question, result, None)[0]
    assert f"£{low:,.0f} 至 £{high:,.0f}" in first.zh
    assert f"£{low:,.0f} to £{high:,.0f}" in first.en
    types = [each.type for each in VALUE.page.facts(question, result) if each.value is not None]
    assert types.count("money:GBP") == 2
    forecast = {each.name: each.type for each in VALUE.table(question, result).columns}
    assert forecast["value"] == "money:GBP" and forecast["value_share"] == "share"
    # what is summed is not money, or nobody says in which currency
    other = cdnow_question(purchase={"event": "buy", "property": "no"})
    assert VALUE.run(other, pounds)["currency"] is None
    plain = VALUE.run(question, cdnow)
    assert f"”计 {low:,.0f} 至 {high:,.0f}" in VALUE.page.notes(question, plain, None)[0].zh


def test_discount_margin_and_horizon(cdnow):
    plain = VALUE.run(cdnow_question(discount=0), cdnow)["expected"]
    less = VALUE.run(cdnow_question(discount=0.5), cdnow)["expected"]
    half = VALUE.run(cdnow_question(discount=0, margin=0.5), cdnow)["expected"]
    ahead = VALUE.run(cdnow_question(discount=0, horizon=24), cdnow)["expected"]
    assert 1.5 * plain["purchases"] < ahead["purchases"] < 2 * plain["purchases"]
    assert plain["purchases"] == less["purchases"]
    assert 0.9 * plain["value"] < less["value"] < plain["value"]
    assert half["value"] == pytest.approx(plain["value"] / 2)


def test_the_retail_shop_is_predicted(make_scope, real_data):
    """Without returns: a third of a year held out."""
    import polars as pl

    frame = (
        pl.read_csv(real_data / "online_retail.csv.gz", infer_schema=False, encoding="utf8-lossy")
        .filter((pl.col("CustomerID") != "") & ~pl.col("InvoiceNo").str.starts_with("C"))
        .select(
            pl.lit("purchase").alias("event"),
            pl.col("InvoiceDate").str.to_datetime().dt.epoch("ms").alias("ts"),
            pl.col("CustomerID").rank("dense").cast(pl.UInt32).alias("uid"),
            (pl.col("Quantity").cast(float) * pl.col("UnitPrice").cast(float)).alias("amount"),
        )
    )
    scope = make_scope(frame.to_dicts())
    _, document = parse(VALUE.example)
    result = VALUE.run(document, scope)
    tested = result["backtest"]
    assert result["customers"] == 4339 and tested["weeks"] == 17
    assert 0.75 < tested["ratio"] < 1.25, tested["ratio"]
    lines = [each for each in tested["classes"] if each["customers"] >= 100]
    predicted = [each["predicted"] for each in lines]
    assert len(lines) >= 6 and predicted == sorted(predicted)


@pytest.mark.parametrize(
    ("view", "model"), [("forecast", "bg_nbd"), ("backtest", "mbg_nbd"), ("classes", "mbg_nbd")]
)
def test_every_view_has_its_table_chart_people(cdnow, view, model):
    question = cdnow_question(view=view, model=model, purchase={"event": "buy", "property": "no"})
    result = VALUE.run(question, cdnow)
    # published for BG/NBD; in the modified model those of one purchase may be gone too, and r is higher
    assert (result["model"]["r"] == pytest.approx(0.24259, abs=1e-2)) == (model == "bg_nbd")
    assert result["spending"] is None and result["expected"]["value"] is None
    table = VALUE.table(question, result)
    cells = VALUE.page.cells(question, result, table)
    assert table.rows and [len(row) for row in table.rows] == [len(line) for line in cells]
    for line, row in ((cells[0], table.rows[0]), (cells[-1], table.rows[-1])):
        for selection, value in zip(line, row, strict=True):
            if selection is not None:
                assert VALUE.people(question, cdnow, selection, 3, 0).total == value
    option = VALUE.chart(question, result, "zh")
    marks = VALUE.page.marks(question, result, "zh")
    assert set(marks) <= {each["name"] for each in option["series"]}
    notes = VALUE.page.notes(question, result, None)
    assert any("BG/NBD" in each.zh for each in notes) == (model == "bg_nbd")
    assert any("Gamma-Gamma" in each.en for each in notes)
    if result["expected"]["value_interval"] is not None:
        assert "of the value in “amount”" in notes[0].en
    assert len(VALUE.page.facts(question, result)) == 6


def test_the_most_valuable_come_first(cdnow):
    question = cdnow_question()
    best = VALUE.people(question, cdnow, {"tenth": 1}, 5, 0)
    assert best.total == 236 and len(best.persons) == 5
    worst = VALUE.people(question, cdnow, {"tenth": 10}, 235, 0)
    assert set(best.persons).isdisjoint(worst.persons)


def test_nothing_there(make_scope):
    for view in ("forecast", "backtest", "classes"):
        question = cdnow_question(view=view)
        result = VALUE.run(question, make_scope([]))
        assert (result["customers"], result["backtest"], result["tenths"]) == (0, None, [])
        assert VALUE.page.notes(question, result, None)[0].en.startswith("Too little")
        VALUE.chart(question, result, "en")
        assert VALUE.table(question, result).rows == []
        VALUE.page.facts(question, result)


def test_equal_rhythms_do_not_fit_and_are_told(make_scope):
    """Everybody buys every other day, and nobody stops: rates do not vary, so r has no top."""
    rows = [
        {"event": "buy", "uid": uid, "ts": 852_076_800_000 + day * 2 * SQL_DAY, "amount": 5.0}
        for uid in range(120)
        for day in range(40)
    ]
    result = VALUE.run(cdnow_question(), make_scope(rows))
    assert result["reason"] is not None and "parameters" in result["reason"]["en"]
    assert result["expected"] is None


@pytest.mark.parametrize("selection", [{"tenth": 0}, {"tenth": True}, {"odd": 1}])
def test_wrong_selections_are_refused(make_scope, selection):
    with pytest.raises(DocumentError) as wrong:
        VALUE.people(cdnow_question(), make_scope([]), selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


def test_the_definition_names_every_option():
    words = VALUE.describe(
        cdnow_question(model="mbg_nbd", horizon=20, discount=0.2, margin=0.4, holdout=9,
                       filters=[CITY])
    )  # fmt: skip
    for part in ["MBG/NBD", "20 周", "0.2", "0.4", "9 周", "“buy”", "“city”", "“amount”"]:
        assert part in words.zh
    for part in ["MBG/NBD", "20 weeks", "0.2", "0.4", "9 weeks", "“buy”", "“city”", "“amount”"]:
        assert part in words.en
    assert "third" in VALUE.describe(cdnow_question()).en


def test_the_range_ends_with_the_last_instant_of_its_last_day(make_scope):
    question, probe = cdnow_question(), make_scope([])
    begin, after = question.range.bounds(probe.zone)
    at = [begin - 1, begin, after - 1, after]
    scope = make_scope([{"event": "buy", "uid": uid, "ts": ts} for uid, ts in enumerate(at, 1)])
    # who bought before it is no customer of this range
    assert VALUE.people(question, scope, {}, 100, 0).persons == [2, 3]
    assert VALUE.run(question, scope)["customers"] == 2
