"""With `CLICKHOUSE_URL`: the same commands give the same answers through the HTTP client."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import run

BRIDGE = Path(__file__).with_name("clickhouse_over_http.py")
ROWS = [
    "user_id,event,time,city",
    *(
        f"u{number % 30},{('view', 'cart', 'pay')[number % 3]},2026-01-{number % 28 + 1:02d} 08:00:00,上海"
        for number in range(600)
    ),
    ",pay,2026-01-01 00:00:00,北京",
]
QUESTIONS = [
    {
        "kind": "funnel",
        "product": "app",
        "range": {"from": "2026-01-01", "to": "2026-01-31"},
        "window": "30d",
        "steps": ["view", "cart", "pay"],
        "filters": [{"property": "city", "op": "is", "value": ["上海", "it's `odd`\\"]}],
    },
    {
        "kind": "retention",
        "product": "app",
        "range": {"from": "2026-01-01", "to": "2026-01-31"},
        "unit": "week",
        "start": {"event": "view"},
        "return": {"event": "pay"},
        "periods": 3,
    },
    {
        "kind": "trend",
        "product": "app",
        "range": {"from": "2026-01-01", "to": "2026-01-31"},
        "series": [{"event": "*", "measure": "users"}],
        "breakdown": ["city"],
    },
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of an engine behind HTTP, in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, str(BRIDGE), str(tmp_path / "engine")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.kill()
    process.wait()
    process.stdout.close()


def ask(data: Path, address: str, *arguments: str, stdin: str = "") -> str:
    return run(*arguments, "--data", data, stdin=stdin, extra={"CLICKHOUSE_URL": address})


def answers(data: Path, address: str, file: Path) -> list[object]:
    """What the commands say: the import's counts, the results, the check, an erasure's proof."""
    wishes = ["--product", "app", "--user", "user_id", "--time", "time", "--event", "event"]
    imported = json.loads(ask(data, address, "import", str(file), *wishes, "--all-props", "--json"))
    counts = [imported[name] for name in ("rows", "stored", "refused", "duplicates")]
    results = [
        json.loads(ask(data, address, "query", "-", "--format", "json", stdin=json.dumps(each)))[
            "result"
        ]
        for each in QUESTIONS
    ]
    text = (
        "select event, toDate(ts) as day, uniqExact(person) as people from events"
        " where city in {cities:Array(String)} group by event, day order by event, day limit 5"
    )
    asking = ("sql", "-", "--product", "app", "--format", "json")
    results.append(
        json.loads(ask(data, address, *asking, "--parameter", "cities=上海,it's", stdin=text))
    )
    refused = run(
        *asking,
        "--data",
        data,
        stdin="select * from default.events",
        extra={"CLICKHOUSE_URL": address},
        code=1,
    )
    results.append(json.loads(refused)["error"]["code"])
    ask(data, address, "check")
    proof = json.loads(ask(data, address, "erase", "--product", "app", "--user", "u7", "--yes"))
    return [counts, results, proof]


def test_a_server_answers_as_the_embedded_engine_does(server: str, tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("\n".join(ROWS), encoding="utf-8")
    through_http = answers(tmp_path / "remote", server, file)
    embedded = answers(tmp_path / "local", "", file)
    assert through_http == embedded
    assert through_http[0] == [601, 600, 1, 0]
    assert not (tmp_path / "remote" / "events").exists()
