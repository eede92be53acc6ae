"""What the running server costs: `uv run python bench/serving.py`.

Makes a demo company in a temporary folder and prints, as one table: start-up time, memory, collector
requests, analyses, import rate, bytes per event on disk. Baselines of the same run and machine: a raw
insert into the engine, a raw scan of the event table, a raw read of the CSV file.
"""

from __future__ import annotations

import argparse
import csv
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("USEROPS_")},
    "PYTHONUNBUFFERED": "1",
    # the benchmark measures the server, not the limit of a key
    "USEROPS_RATE_PER_KEY": "10000000",
}
SECONDS = 5.0
"""How long each collector case runs."""


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-c", "from userops.cli import main; main()", *map(str, arguments)]


def run(*arguments: object) -> str:
    done = subprocess.run(
        command(*arguments), env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{arguments}\n{done.stdout}{done.stderr}")
    return done.stdout


def show(name: str, value: str, baseline: str = "") -> None:
    print(f"{name:<52} {value:>26}   {baseline}", flush=True)


@dataclass(frozen=True)
class Running:
    """A server: where, how soon it was there, and its process."""

    host: str
    token: str
    process: subprocess.Popen[str]
    seconds: float

    def processor(self) -> float:
        """Seconds of processor time so far."""
        spent = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> tuple[str, str]:
        """Resident memory, and how much of it is the process's own (the rest is mapped program code)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        facts = {
            name: int(kb) // 1024 for name, kb in re.findall(r"(Rss\w+|VmRSS):\s+(\d+) kB", status)
        }
        return f"{facts['VmRSS']} MB", f"{facts['RssAnon']} MB of its own"


@contextmanager
def serving(data: Path) -> Iterator[Running]:
    begun = time.monotonic()
    process = subprocess.Popen(
        command("serve", "--data", data, "--port", "0"),
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    found = re.search(r"http://(\S+)", process.stdout.readline())
    assert found is not None
    connection = http.client.HTTPConnection(found[1])
    connection.request("GET", "/accounts/login/")
    assert connection.getresponse().read()
    seconds = time.monotonic() - begun
    token = json.loads((data / "server.json").read_text())["token"]
    try:
        yield Running(found[1], token, process, seconds)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def quantiles(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p50, p95 = (ordered[min(len(ordered) - 1, int(len(ordered) * q))] for q in (0.5, 0.95))
    return f"p50 {p50 * 1000:.1f} ms  p95 {p95 * 1000:.1f} ms"


def events(count: int) -> list[dict[str, Any]]:
    now = int(time.time() * 1000)
    return [
        {
            "event": "bench",
            "user": f"u{number % 200}",
            "time": now,
            "uuid": str(uuid4()),
            "properties": {"platform": "ios", "city": "上海", "amount": number, "step": "a"},
        }
        for number in range(count)
    ]


def collect(server: Running, key: str, clients: int, size: int) -> tuple[list[float], float]:
    """Send requests for a while: the time of each, and the events a second of all."""
    times: list[float] = []
    until = time.monotonic() + SECONDS

    def client() -> None:
        connection = http.client.HTTPConnection(server.host)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        while time.monotonic() < until:
            body = json.dumps({"batch": events(size)})
            begun = time.monotonic()
            connection.request("POST", "/v1/events", body, headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 200:
                raise SystemExit(f"the collector answered {answer.status}: {said[:300]!r}")
            times.append(time.monotonic() - begun)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, len(times) * size / (time.monotonic() - begun)


def collector(server: Running, key: str) -> None:
    for clients in (1, 16):
        for size in (1, 500):
            times, rate = collect(server, key, clients, size)
            label = f"collector, {clients} client(s), {size} event(s) a request"
            show(label, quantiles(times), f"{rate:,.0f} events/s")


def analyses(server: Running, documents: list[dict[str, Any]], scan: float) -> None:
    connection = http.client.HTTPConnection(server.host)
    headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
    for document in documents:
        times = []
        for _ in range(12):
            begun = time.monotonic()
            connection.request("POST", "/api/query", json.dumps(document), headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 200:
                raise SystemExit(f"{document['kind']} answered {answer.status}: {said[:300]!r}")
            times.append(time.monotonic() - begun)
        # the first one warms what all others share
        show(f"{document['kind']} on the demo", quantiles(times[1:]), f"{scan * 1000:.1f} ms scan")


def timed(work: Callable[[], Any], times: int = 5) -> float:
    """The shortest of some runs, in seconds."""
    spent = []
    for _ in range(times):
        begun = time.monotonic()
        work()
        spent.append(time.monotonic() - begun)
    return min(spent)


def example_documents(product: str) -> list[dict[str, Any]]:
    from userops.analyses.registry import ANALYSES

    whole = {"product": product, "range": {"last": 60, "unit": "day"}}
    return [{**each.example, **whole} for each in ANALYSES]


def write_csv(path: Path, rows: int) -> None:
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["user_id", "time", "event", "city", "amount"])
        for n in range(rows):
            when = 1_750_000_000 + n * 5
            out.writerow(
                [f"user{n % 20_011}", when, ("view", "cart", "pay")[n % 3], "上海", n % 97]
            )


def on_disk(data: Path) -> dict[str, Any]:
    """Facts of the engine itself; opens the folder, so no server may run."""
    os.environ["USEROPS_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "userops.web.settings"
    import django
    import pyarrow as pa

    django.setup()
    from userops.events.store import close_current, current

    engine = current().engine
    size, rows = engine.rows(
        "select sum(bytes_on_disk), sum(rows) from system.parts"
        " where active and table = 'events' and database = currentDatabase()"
    )[0]
    all_bytes = engine.value(
        "select sum(bytes_on_disk) from system.parts where active and database = currentDatabase()"
    )
    scan = timed(lambda: engine.rows("select uniqExact(uid), max(ts) from events"))
    engine.command("create table bench (n UInt64, s String) engine = MergeTree order by n")
    one = pa.table({"n": pa.array([1], pa.uint64()), "s": ["x"]})
    insert = timed(lambda: engine.insert("bench", one), 30)
    engine.command("drop table bench sync")
    close_current()
    return {"bytes": size, "all": all_bytes, "rows": rows, "scan": scan, "insert": insert}


def importing(folder: Path, rows: int) -> None:
    path = folder / "rows.csv"
    write_csv(path, rows)
    raw = timed(lambda: sum(1 for _ in csv.reader(path.open())), 1)
    columns = ("--user", "user_id", "--time", "time", "--event", "event", "--all-props")
    made = run("import", path, "--product", "bench", *columns, "--data", folder / "im", "--json")
    rate = json.loads(made)["rows_per_second"]
    show(
        f"import of {rows:,} rows, CSV, 5 columns",
        f"{rate:,.0f} rows/s",
        f"{rows / raw:,.0f} rows/s csv.reader",
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=1_000_000, help="of the demo company")
    options.add_argument("--rows", type=int, default=1_800_000, help="of the imported file")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="userops-bench-") as name:
        folder = Path(name)
        empty, demo = folder / "empty", folder / "demo"
        made = json.loads(run("init", "--data", empty, "--yes", "--json"))
        with serving(empty) as server:
            time.sleep(2)
            show("start to the first answered page", f"{server.seconds:.2f} s")
            show("memory at rest, empty", *server.memory())
            collector(server, made["write_key"])
        begun = time.monotonic()
        run("demo", "--data", demo, "--events", chosen.events, "--no-serve")
        show(f"demo company of {chosen.events:,} events", f"{time.monotonic() - begun:.0f} s")
        facts = on_disk(demo)
        show("raw insert of one row into the engine", f"{facts['insert'] * 1000:.1f} ms")
        show("events table", f"{facts['bytes'] / facts['rows']:.1f} bytes/event")
        show("all tables of the engine", f"{facts['all'] / facts['rows']:.1f} bytes/event")
        with serving(demo) as server:
            show("start, with the demo company", f"{server.seconds:.2f} s")
            analyses(server, example_documents("demo"), facts["scan"])
            show("memory after the analyses", *server.memory())
        importing(folder, chosen.rows)


if __name__ == "__main__":
    main()
