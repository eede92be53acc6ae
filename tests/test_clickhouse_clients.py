"""A standard ClickHouse client, over HTTP, against a real running server."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import clickhouse_connect
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from tests.processes import Server, run, run_json

ROWS = 3_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("clients") / "data"
    run_json("init", "--data", data, "--yes")
    for product in ("app", "other"):
        file = data.with_name(f"{product}.csv")
        lines = [
            f"u{n % 100},2026-03-{n % 28 + 1:02} 23:30:00,{('view', 'pay')[n % 2]},上海,{product}-{n}"
            for n in range(ROWS)
        ]
        file.write_text("user,time,event,city,note\n" + "\n".join(lines) + "\n", encoding="utf-8")
        columns = ["--user", "user", "--time", "time", "--event", "event", "--all-props"]
        run("import", file, "--product", product, *columns, "--data", data)
    with Server(data) as running:
        yield running


@pytest.fixture
def connect(server: Server) -> Iterator[Any]:
    opened: list[Any] = []

    def open_client(**options: Any) -> Any:
        address = urllib.parse.urlsplit(server.url)
        wanted = {"database": "app", "username": "app", "password": server.token, **options}
        opened.append(
            clickhouse_connect.get_client(
                host=address.hostname, port=address.port, proxy_path="/clickhouse", **wanted
            )
        )
        return opened[-1]

    yield open_client
    for client in opened:
        client.close()


def call(server: Server, text: str, **words: str) -> tuple[int, Any, bytes]:
    """One plain request, as any HTTP tool sends it."""
    wanted = {"user": "x", "password": server.token, "database": "app", **words}
    url = f"{server.url}/clickhouse/?{urllib.parse.urlencode(wanted)}"
    try:
        with urllib.request.urlopen(url, data=text.encode(), timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as wrong:
        with wrong:
            return wrong.code, wrong.headers, wrong.read()


def test_rows_frames_and_arrow(connect: Any) -> None:
    client = connect()
    text = "select event, count() as n, uniqExact(person) as people from events group by event order by event"
    assert client.query(text).result_rows == [("pay", ROWS // 2, 50), ("view", ROWS // 2, 50)]
    frame = client.query_df(
        "select ts, city, props.note::String as note from events order by ts, note"
    )
    assert len(frame) == ROWS and set(frame["city"]) == {"上海"}
    assert str(frame["ts"].iloc[0]) == "2026-03-01 23:30:00+08:00"
    table = client.query_arrow(
        "select person, event from app.events order by person", use_strings=True
    )
    assert (table.num_rows, table.column_names) == (ROWS, ["person", "event"])
    assert client.command("select count() from events") == ROWS
    with client.query_row_block_stream("select number from numbers(300000)") as stream:
        assert sum(len(block) for block in stream) == 300_000


def test_types_survive(connect: Any) -> None:
    text = """select 1::UInt8, -1::Int64, 1.5::Float64, 'a'::LowCardinality(String), null::Nullable(String),
        [1, 2], map('a', 1), (1, 'b'), toDate('2026-03-02'), toDateTime('2026-03-02 01:02:03', 'UTC'),
        toDecimal64(1.25, 2), toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), props from events limit 1"""
    row = connect().query(text).result_rows[0]
    assert row[:8] == (1, -1, 1.5, "a", None, [1, 2], {"a": 1}, (1, "b"))
    assert str(row[10]) == "1.25" and "note" in row[12]


def test_parameters(connect: Any) -> None:
    client = connect()
    odd = "it's \\ `odd`\n\t二"
    text = "select {a:String}, {b:Array(String)}, {c:Date}, count() from events where event in {b:Array(String)}"
    given = {"a": odd, "b": ["pay", "it's"], "c": "2026-03-02"}
    row = client.query(text, parameters=given).result_rows[0]
    assert (row[0], row[1], str(row[2]), row[3]) == (odd, ["pay", "it's"], "2026-03-02", ROWS // 2)


@pytest.mark.parametrize("compression", [True, False, "lz4", "zstd", "gzip"])
def test_compression(compression: Any, connect: Any) -> None:
    rows = (
        connect(compress=compression)
        .query("select toString(number) from numbers(50000)")
        .result_rows
    )
    assert rows[-1] == ("49999",) and len(rows) == 50_000


def test_what_a_client_asks_of_the_catalogue(connect: Any) -> None:
    client = connect()
    assert client.command("show tables").split("\n") == ["events", "profiles"]
    assert client.command("show databases") == "app"
    assert client.query("describe table app.events").result_rows[0][:2] == (
        "event",
        "LowCardinality(String)",
    )
    assert client.query("select name from system.tables").result_rows == [
        ("events",),
        ("profiles",),
    ]
    assert client.query("select distinct database from system.columns").result_rows == [("app",)]
    assert client.command("exists table events") == 1
    assert client.command("exists table nope") == 0


def test_settings_of_the_output_and_lower_limits(connect: Any) -> None:
    client = connect()
    assert client.query("select number from numbers(10)", settings={"limit": 3}).row_count == 3
    with pytest.raises(DatabaseError, match="396"):
        client.raw_query(
            "select number from numbers(10)", settings={"max_result_rows": 3}, fmt="JSON"
        )
    limit = client.raw_query("select 1", settings={"max_execution_time": 0}, fmt="TSV")
    assert limit == b"1\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("select * from default.events", 497),
        ("select * from other.events", 497),
        ("select * from userops_other.events", 497),
        ("select * from system.processes", 497),
        ("select * from file('/etc/passwd')", 497),
        ("insert into events select * from events", 497),
        ("drop table events", 497),
        ("selec", 62),
        ("select nope from events", 47),
        ("select * from nope", 60),
        ("select {a:Date}", 456),
    ],
)
def test_errors_have_their_number(text: str, code: int, server: Server, connect: Any) -> None:
    status, headers, body = call(server, text)
    assert headers["X-ClickHouse-Exception-Code"] == str(code), body
    assert body.startswith(f"Code: {code}. DB::Exception: ".encode())
    assert status == {497: 403, 62: 400, 47: 404, 60: 404, 456: 400}[code]
    with pytest.raises(DatabaseError, match=str(code)):
        connect().query(text)


def test_the_password_is_a_token(server: Server, connect: Any) -> None:
    with pytest.raises(DatabaseError, match="516"):
        connect(password="wrong")
    assert call(server, "select 1", password="wrong")[0] == 403
    assert call(server, "select 1", password="")[0] == 401
    with pytest.raises(DatabaseError, match="81"):
        connect(database="nobodys").query("select 1")


def test_without_a_database_there_are_no_tables(server: Server, connect: Any) -> None:
    client = connect(database="", username="nobody")
    assert client.server_version
    with pytest.raises(DatabaseError, match="no table events"):
        client.query("select count() from events")
    assert (
        connect(database="", username="other").command(
            "select any(props.note::String) like 'other%' from events"
        )
        == 1
    )


def test_formats(server: Server) -> None:
    for format_, begins in (
        ("JSONEachRow", b'{"event":'),
        ("CSVWithNames", b'"event"'),
        ("Parquet", b"PAR1"),
    ):
        status, headers, body = call(server, f"select event from events limit 2 format {format_};")
        assert (status, headers["X-ClickHouse-Format"]) == (200, format_)
        assert body.startswith(begins)
    assert call(server, "select 1", default_format="JSONCompact")[2].startswith(b"{")
    assert call(server, "select 1 format Protobuf")[0] == 400
    assert call(server, "select 1 format Template")[0] == 400
    assert call(server, "", query="select 1")[2] == b"1\n"


def test_an_error_in_mid_stream_is_told(server: Server) -> None:
    text = "select throwAt from (select intDiv(1, toInt64(3000000) - toInt64(number)) as throwAt from numbers(4000000))"
    status, headers, body = call(server, text, max_block_size="1000")
    assert status == 200
    tag = headers["X-ClickHouse-Exception-Tag"]
    assert f"__exception__\r\n{tag}\r\nCode: 153.".encode() in body


def test_a_client_that_goes_away_frees_its_place(server: Server, connect: Any) -> None:
    for _ in range(8):
        url = f"{server.url}/clickhouse/?{urllib.parse.urlencode({'password': server.token, 'database': 'app'})}"
        answer = urllib.request.urlopen(
            url, data=b"select number, repeat('x', 1000) from numbers(1e9)", timeout=60
        )
        answer.read(1000)
        answer.close()
    assert connect().command("select 1") == 1


def test_a_query_is_killed_by_its_id(server: Server) -> None:
    answers: list[tuple[int, Any, bytes]] = []
    text = "select sum(sipHash64(number)) from numbers(1e13)"
    asking = threading.Thread(target=lambda: answers.append(call(server, text, query_id="stop-1")))
    asking.start()
    time.sleep(1)
    assert call(server, "kill query where query_id = 'stop-1'")[0] == 200
    asking.join(30)
    assert answers[0][1]["X-ClickHouse-Exception-Code"] == "394"


def test_memory_stays_flat_while_much_is_sent(server: Server) -> None:
    status = Path(f"/proc/{server.process.pid}/status")
    if not status.exists():
        pytest.skip("no /proc")

    def resident() -> int:
        return int(
            next(line for line in status.read_text().splitlines() if "VmRSS" in line).split()[1]
        )

    before, highest, sent = resident(), 0, 0
    url = f"{server.url}/clickhouse/?{urllib.parse.urlencode({'password': server.token, 'database': 'app'})}"
    text = b"select number, repeat(toString(number), 20) from numbers(8000000) format TSV"
    with urllib.request.urlopen(url, data=text, timeout=120) as answer:
        while piece := answer.read(2**22):
            sent += len(piece)
            highest = max(highest, resident())
    assert sent > 900_000_000
    assert (highest - before) * 1024 < sent / 2


def test_the_command_and_python_ask_beside_the_server(server: Server, tmp_path: Path) -> None:
    text = "select event, count() as n from events where event = {name:String} group by event"
    file = tmp_path / "question.sql"
    file.write_text(text)
    where = ("--product", "app", "--data", server.data)
    told = json.loads(run("sql", file, *where, "--parameter", "name=pay", "--format", "json"))
    assert told == {"rows": [{"event": "pay", "n": ROWS // 2}], "more": False}
    assert run("sql", "-", *where, "--format", "csv", stdin="select 1 as a") == '"a"\n1\n'
    assert "view" in run(
        "sql", "-", *where, stdin="select event, count() from events group by event"
    )
    told = json.loads(
        run("sql", "-", *where, "--format", "json", stdin="select * from other.events", code=1)
    )
    assert told["error"]["code"] == "sql_not_permitted"
    import userops

    workspace = userops.open(server.url, token=server.token)
    frame = workspace.sql(text, product="app", name="view").pandas()
    assert frame.to_dict("records") == [{"event": "view", "n": ROWS // 2}]
    many = workspace.sql("select number from numbers(20000)", product="app", limit=20_000)
    assert many.arrow().num_rows == 20_000 and not many.more


def test_the_command_asks_without_a_server(tmp_path: Path) -> None:
    data = tmp_path / "data"
    run_json("init", "--data", data, "--yes")
    assert run("sql", "-", "--data", data, "--format", "csv", stdin="select 1 as a") == '"a"\n1\n'
