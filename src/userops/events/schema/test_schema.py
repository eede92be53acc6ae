"""A store of the first version with data in it comes to the newest one, and keeps what it holds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from userops.events.schema import versions

SCRIPT = """
import json, sys
from userops.events import persons, schema
from userops.events.engine import Engine
from userops.events.records import taken_id

engine = Engine(f"chdb://{sys.argv[1]}")

def who():
    if engine.value("exists dictionary person_of"):
        return "dictGetOrDefault('person_of', 'person', bitShiftLeft(toUInt64(product), 32) + uid, uid)"
    return persons.person_sql(engine, 1, merged=True)[0]

def numbers():
    if engine.value("exists table event_ids"):
        found = engine.rows("select uuid from event_ids where product = 1")
        return sorted(taken_id(row[0]) for row in found)
    return sorted(row[0] for row in engine.rows("select id from taken final where product = 1"))

def facts():
    return {
        "version": schema.current_version(engine),
        "events": [list(map(str, row)) for row in engine.rows(
            "select uid, event, toUnixTimestamp64Milli(ts), city, amount, toString(props.color)"
            " from events where product = 1 order by uid")],
        "ids": numbers(),
        "person": engine.value(f"select {who()} from events where product = 1 and uid = 1"),
        "profile": engine.value("select toString(props.plan) from profiles final"
                                " where product = 1 and person = 0"),
        "tables": sorted(row[0] for row in engine.rows("show tables")),
    }

FIRST = schema.versions()[0]
engine.command(
    "create table schema_versions (version UInt32, applied DateTime default now())"
    " engine = MergeTree order by version")
for statement in schema.statements(FIRST[1], engine):
    engine.command(statement)
engine.command("insert into schema_versions (version) values (1)")
engine.command(
    "insert into events (product, event, uid, ts, uuid, batch, received, city, amount, props)"
    " select 1, 'open', number, fromUnixTimestamp64Milli(toInt64(1780000000000 + number), 'UTC'),"
    " toUUID('00000000-0000-4000-8000-00000000000' || toString(number)), 1, now64(3),"
    " '上海', 2.5, '{\\"color\\":\\"red\\"}' from numbers(3)")
engine.command("insert into people (product, uid, person, version, batch) values (1, 1, 0, 1, 1)")
engine.command(
    "insert into profiles (product, person, version, batch, gone, props)"
    " values (1, 0, 1, 1, 0, '{\\"plan\\":\\"pro\\"}')")
before = facts()
schema.migrate(engine)
persons.prepare(engine)
after = facts()
schema.migrate(engine)
print(json.dumps([before, after, facts()]))
engine.close()
"""


def test_the_first_version_with_data_comes_to_the_newest(tmp_path: Path) -> None:
    # the engine opens one folder per process: this store needs a process of its own
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "engine")],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    before, after, again = json.loads(done.stdout.splitlines()[-1])
    assert before["version"] == versions()[0][0] == 1
    assert after["version"] == versions()[-1][0] > 1
    assert {"events", "taken", "people", "profiles"} <= set(after["tables"])
    kept = ("events", "ids", "person", "profile")
    assert {name: before[name] for name in kept} == {name: after[name] for name in kept}
    assert again == after
    assert [row[:2] for row in after["events"]] == [["0", "open"], ["1", "open"], ["2", "open"]]
    assert after["events"][1][2:] == [
        "1780000000001",
        "上海",
        "2.5",
        "red",
    ]
    assert (len(after["ids"]), after["person"], after["profile"]) == (3, 0, "pro")
