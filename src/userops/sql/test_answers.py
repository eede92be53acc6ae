"""What SQL answers: figures as the pages have them, values as parameters, errors one can read."""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import Any
from uuid import uuid4

import pytest

from userops.errors import UserOpsError
from userops.events.records import Event, Identify, ProfileChange
from userops.sql.answers import Question, answer, arrow
from userops.sql.checking import check
from userops.sql.tokens import Parameter, parameters, renamed, tokens

HOUR = 3_600_000
NIGHT = 1_772_400_600_000
"""2026-03-01 21:30 UTC: 2026-03-02 in Shanghai."""


@pytest.fixture
def shop(store: Any, product: Any) -> Any:
    records: list[Any] = [
        Event(
            event=name,
            distinct_id=f"u{user}",
            ts=NIGHT + user * HOUR,
            uuid=uuid4(),
            properties={"city": "上海", "amount": 1.5, "sku": f"s{user}"},
        )
        for user in range(4)
        for name in ("open", "pay")
    ]
    records.append(ProfileChange(distinct_id="u1", operation="set", properties={"level": "金"}))
    records.append(ProfileChange(distinct_id="u2", operation="set", properties={"level": "银"}))
    store.ingest.submit(product.pk, "test", records)
    return product


@pytest.fixture
def ask(shop: Any, store: Any) -> Any:
    def run(text: str, limit: int = 1000, **values: Any) -> Any:
        return answer(Question(shop.slug, text, values, limit), store)

    return run


def rows(answered: Any) -> Any:
    return answered.rows


def test_days_are_those_of_the_product(ask: Any) -> None:
    found = ask("select toDate(ts) as day, count() as n from events group by day order by day")
    assert found.columns == [("day", "Date"), ("n", "UInt64")]
    assert found.rows == [["2026-03-02", 8]]


def test_persons_are_merged(ask: Any, shop: Any, store: Any) -> None:
    assert ask("select uniqExact(person) from events").rows == [[4]]
    store.ingest.submit(shop.pk, "test", [Identify(distinct_id="member", anonymous_id="u1")])
    store.ingest.submit(shop.pk, "test", [Identify(distinct_id="member", anonymous_id="u3")])
    assert ask("select uniqExact(person) from events").rows == [[3]]
    joined = "select count() from events join profiles using (person) where profiles.props.level::String = '金'"
    assert ask(joined).rows == [[4]]
    # the same when the engine has read anew who is who
    from userops.events.persons import reload_persons

    reload_persons(store.engine, shop.pk)
    assert ask("select uniqExact(person) from events").rows == [[3]]
    assert ask(joined).rows == [[4]]


def test_properties_of_events_and_people(ask: Any) -> None:
    assert ask("select distinct props.sku::String as s from events order by s limit 2").rows == [
        ["s0"],
        ["s1"],
    ]
    levels = ask(
        "select props.level as level, count() from profiles group by level order by level"
    ).rows
    assert levels == [["金", 1], ["银", 1]]


@pytest.mark.parametrize(
    ("type_", "value", "told"),
    [
        ("String", "it's `odd` \\ {x} -- \n\t二", "it's `odd` \\ {x} -- \n\t二"),
        ("String", "'); drop table events", "'); drop table events"),
        ("String", "\\N", "\\N"),
        ("Nullable(String)", None, None),
        ("Date", "2026-03-02", "2026-03-02"),
        ("Date", dt.date(2026, 3, 2), "2026-03-02"),
        ("DateTime", dt.datetime(2026, 3, 2, 1, 2, 3), "2026-03-02 01:02:03"),  # noqa: DTZ001
        ("UInt8", True, 1),
        ("Int64", -5, -5),
        ("Float64", "1.5", 1.5),
        ("Array(String)", ["a", "it's", "\\", "二"], ["a", "it's", "\\", "二"]),
        ("Array(String)", "a, b ,c", ["a", "b", "c"]),
        ("Array(String)", "['a,b']", ["a,b"]),
        ("Array(UInt8)", "1, 2", [1, 2]),
        ("Array(Date)", "2026-03-02", ["2026-03-02"]),
        ("Array(Nullable(Int8))", [1, None], [1, None]),
        ("Map(String, UInt8)", {"a": 1}, {"a": 1}),
    ],
)
def test_values_travel_beside_the_text(type_: str, value: Any, told: Any, ask: Any) -> None:
    assert ask(f"select {{v:{type_}}}", v=value).rows == [[told]]


def test_there_are_more_rows_than_shown(ask: Any) -> None:
    found = ask("select number from numbers(100)", limit=10)
    assert (len(found.rows), found.more) == (10, True)
    assert not ask("select number from numbers(10)", limit=10).more


def test_arrow_has_the_types(shop: Any, store: Any) -> None:
    text = "select ts, toDateTime(ts) as t, toDate(ts) as d, person, city, props from events order by ts"
    table, more = arrow(Question(shop.slug, text, limit=3), store)
    assert (table.num_rows, more) == (3, True)
    types = [str(each) for each in table.schema.types[:5]]
    zone = "tz=Asia/Shanghai"
    assert types == [
        f"timestamp[ms, {zone}]",
        f"timestamp[s, {zone}]",
        "date32[day]",
        "uint32",
        "string",
    ]
    assert table["t"][0].as_py().isoformat() == "2026-03-02T05:30:00+08:00"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("selec 1", "sql_invalid", "Syntax error: failed at position 1 (selec)"),
        ("select 1 from", "sql_invalid", "Syntax error"),
        ("select nope from events", "sql_invalid", "`nope`"),
        ("select e.nope from events e", "sql_invalid", "e.nope"),
        ("select * from nope", "sql_invalid", "There is no table nope."),
        (
            "select event, count() from events",
            "sql_invalid",
            "events.event' is not under aggregate",
        ),
        ("select toInt8(event) from events", "sql_invalid", "Cannot parse string"),
        ("select {a:Date}", "sql_parameter_missing", "a has no value"),
        ("select 1 + 'a'", "sql_invalid", "Illegal types"),
        ("select nofunction(1)", "sql_not_permitted", "nofunction"),
        ("select intDiv(1, 0)", "sql_invalid", "Division by zero"),
    ],
)
def test_errors_say_what_is_wrong(text: str, code: str, said: str, ask: Any) -> None:
    with pytest.raises(UserOpsError) as wrong:
        ask(text)
    assert wrong.value.code == code
    assert said in wrong.value.words.en
    for hidden in (
        "userops_",
        "default.",
        "Code:",
        "DB::",
        "formatQuery",
        "In scope",
        "26.",
        "__table",
        "explain ast",
    ):
        assert hidden not in str(wrong.value)


def test_a_parameter_that_is_not_asked_for_is_refused(ask: Any) -> None:
    with pytest.raises(UserOpsError) as wrong:
        ask("select 1", since="2026-01-01")
    assert wrong.value.code == "sql_parameter_unknown"


def test_a_running_text_is_cancelled(shop: Any, store: Any) -> None:
    question = Question(
        shop.slug, "select sum(sipHash64(number)) from numbers(1e13)", query_id="stop-me"
    )
    stopping = threading.Timer(0.5, store.engine.cancel, ["stop-me"])
    stopping.start()
    begun = time.monotonic()
    with pytest.raises(UserOpsError) as wrong:
        answer(question, store)
    stopping.join()
    assert wrong.value.code == "query_cancelled"
    assert time.monotonic() - begun < 10


def test_another_time_zone_counts_other_days(ask: Any, shop: Any) -> None:
    assert ask("select distinct toDate(ts) from events").rows == [["2026-03-02"]]
    shop.timezone = "UTC"
    shop.save()
    assert ask("select distinct toDate(ts) from events order by 1").rows == [
        ["2026-03-01"],
        ["2026-03-02"],
    ]


def test_parameters_are_found_where_they_count() -> None:
    text = """select {a:Date}, '{b:String}', `{c:String}`, {d : Array(String)} -- {e:Date}
    /* {f:Date} */ from x where y = {a:Date} and z = $h${g:Date}$h$"""
    assert parameters(text) == [Parameter("a", "Date"), Parameter("d", "Array(String)")]


def test_tokens_joined_are_the_text() -> None:
    for text in (
        "select 'it''s', `a``b`, \"x\" -- y\n/* z",
        "'",
        "`",
        "$a$ b",
        "1e5.x",
        "{",
        "a.b . c",
        "二.b",
    ):
        assert "".join(token.text for token in tokens(text)) == text


def test_names_are_replaced_only_where_they_are_names() -> None:
    def new(first: str, second: str) -> str | None:
        return "X.Y" if (first, second) == ("demo", "events") else None

    text = "from demo.events, `demo`.`events`, a.demo.events, 'demo.events', demo.other, demo.events.ts"
    assert renamed(text, new) == "from X.Y, X.Y, a.demo.events, 'demo.events', demo.other, X.Y.ts"


def test_what_is_asked_reads_as_it_was_written(shop: Any, store: Any) -> None:
    """The engine's own writing of a text loses nothing that counts."""
    from userops.events.reading import reader
    from userops.sql.tables import prepare

    facts = store.facts(shop.slug)
    database = prepare(store.engine, facts)
    text = "SELECT 1 AS a -- b\nFROM events /* c */ FORMAT CSV;"
    with reader(store.engine, database, {}) as opened:
        checked = check(opened, text, {}, facts.slug, database)
    assert (checked.text, checked.format) == ("SELECT 1 AS a\nFROM events", "CSV")
