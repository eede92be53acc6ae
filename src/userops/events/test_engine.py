from __future__ import annotations

import threading
import time

import pytest

from userops.errors import Refused, StoreFailed
from userops.events import schema
from userops.events.engine import Engine, Limits, QueryCancelled, QueryTooLarge, new_query_id


def test_values_and_names_are_parameters(engine):
    hostile = "'; drop table events --"
    assert engine.value("select {text:String}", {"text": hostile}) == hostile
    assert engine.value("exists table events") == 1


def test_a_question_is_cancelled(engine):
    query_id = new_query_id()
    stopper = threading.Timer(0.3, engine.cancel, [query_id])
    stopper.start()
    begun = time.monotonic()
    with pytest.raises(QueryCancelled):
        engine.arrow("select sum(sipHash64(number)) from numbers(100000000000)", query_id=query_id)
    assert time.monotonic() - begun < 30
    stopper.join()


def test_time_is_limited(engine):
    limited = Engine(engine.dsn, limits=Limits(seconds=1))
    with pytest.raises(QueryTooLarge):
        limited.arrow("select sum(sipHash64(number)) from numbers(100000000000)")
    limited.close()


def test_memory_is_limited(engine):
    limited = Engine(engine.dsn, limits=Limits(memory_mb=64))
    with pytest.raises(QueryTooLarge):
        limited.arrow("select length(groupArray(number)) from numbers(100000000)")
    limited.close()


@pytest.mark.parametrize(
    ("limits", "sql"),
    [
        (Limits(memory_mb=64), "select uniqExact(number) from numbers(100000000)"),
        (
            Limits(seconds=1),
            "select count() from numbers(1000000000000) where sipHash64(number) = 0",
        ),
        (Limits(), "select throwIf(number = 3000000) from numbers(10000000)"),
        (Limits(), "select nothing_of_the_kind"),
    ],
)
def test_the_answer_after_a_failed_question_is_its_own(engine, limits, sql):
    alone = Engine(engine.dsn, limits=limits, pool_size=1)
    for _ in range(3):
        with pytest.raises((QueryTooLarge, StoreFailed)):
            alone.arrow(sql)
        assert alone.arrow("select number from numbers(3)").to_pydict() == {"number": [0, 1, 2]}
        with pytest.raises((QueryTooLarge, StoreFailed)):
            alone.arrow(sql)
        assert alone.rows("select 1, 'a'") == [(1, "a")]
    alone.close()


def test_a_pattern_of_another_dialect_is_refused(engine):
    with pytest.raises(Refused) as caught:
        engine.rows("select match('a', {p:String})", {"p": "(?=a)"})
    assert caught.value.code == "pattern_invalid"


def test_an_engine_error_is_ours(engine):
    with pytest.raises(StoreFailed):
        engine.rows("select no_such_column from events")


def test_migrating_again_changes_nothing(engine):
    newest = schema.versions()[-1][0]
    assert schema.migrate(engine) == newest == schema.current_version(engine)


def test_a_crash_half_way_through_a_version_is_mended(engine):
    """Every statement of a version can be repeated: here on the newest one, which is all there."""
    _, path = schema.versions()[-1]
    for statement in schema.statements(path, engine):
        engine.command(statement)


def test_the_login_of_a_server_reaches_its_dictionary(engine, monkeypatch):
    monkeypatch.setattr(engine, "dsn", "clickhouse://ops:it%27s@ch.example.com:8123/userops")
    text = "\n".join(schema.statements(schema.versions()[0][1], engine))
    assert "source(clickhouse(user 'ops' password 'it\\'s' query" in text


def test_newer_data_is_refused(engine):
    engine.command("insert into schema_versions (version) values (9999)")
    try:
        with pytest.raises(StoreFailed) as caught:
            schema.migrate(engine)
        assert caught.value.code == "schema_too_new"
    finally:
        engine.command(
            "alter table schema_versions delete where version = 9999",
            settings={"mutations_sync": 2},
        )


def test_a_question_is_one_statement_whatever_its_limits(engine):
    assert engine.arrow("select 'a' as t", query_id="page-1-x")["t"].to_pylist() == ["a"]
    assert engine.arrow("select 'a' as t", text=False)["t"].to_pylist() == [b"a"]
    for wrong in ("x'y", "a b", "ü"):
        with pytest.raises(ValueError):
            engine.arrow("select 1", query_id=wrong)


def test_deletions_find_a_free_place(engine):
    sql = "select value from system.server_settings where name = 'background_pool_size'"
    assert engine.value(sql) == "8"
