"""How fast events come in: by HTTP in batches and one by one, and from files, beside the engine alone."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from bench.history import History
from bench.measuring import Measured
from bench.serving import serving
from bench.sides.userops_side import FIELDS, PROPERTIES, import_file
from bench.spending import Spending

SECONDS = 2.0
BATCH = 500
CLIENTS = {"batch": 4, "single": 16}
CSV_ROWS = 200_000
BATCHES, SINGLES = 72, 1_000
"""Requests that are made ready: more than are answered in that time."""
Tell = Callable[[str], None]


def ingest(measured: Measured, folder: Path, tell: Tell, spending: Spending) -> dict[str, Any]:
    """Rates in events a second, and each as a share of the engine's own."""
    assert measured.blank is not None
    for name in ("http", "csv"):
        measured.blank.copy(folder / name)
    with spending.on("HTTP"):
        rates = _by_http(measured.history, folder, measured.blank.write_key, tell)
    with spending.on("CSV"):
        rates["csv"] = _csv(measured.history, folder, tell)
    load = measured.loads["userops"]
    rates["parquet"] = measured.history.events / load["seconds"]
    raw = {f"raw_{name}": rate for name, rate in measured.raw.items()}
    shares = {
        "http_batches_of_raw_blocks_of_500": rates["http_batches"] / raw["raw_blocks_of_500"],
        "http_batches_of_raw_large_blocks": rates["http_batches"] / raw["raw_large_blocks"],
        "http_single_of_raw_blocks_of_500": rates["http_single"] / raw["raw_blocks_of_500"],
        "parquet_of_raw_large_blocks": rates["parquet"] / raw["raw_large_blocks"],
        "csv_of_raw_large_blocks": rates["csv"] / raw["raw_large_blocks"],
    }
    identities = measured.history.merged / max(load["identities_seconds"], 1e-9)
    return {**rates, **raw, "identities": identities, "shares": shares}


def _by_http(history: History, folder: Path, key: str, tell: Tell) -> dict[str, float]:
    """The native door of a real server, in a folder of its own; several clients keep it busy."""
    rates = {}
    with ThreadPoolExecutor(1) as beside:
        made = beside.submit(_bodies, history)
        with serving(folder / "http") as server:
            bodies = made.result()
            for kind, size in (("batch", BATCH), ("single", 1)):
                tell(f"HTTP, {size} event(s) a request")
                rates[kind] = size * _requests(server.host, key, bodies[kind], CLIENTS[kind])
    return {"http_batches": rates["batch"], "http_single": rates["single"]}


def _bodies(history: History) -> dict[str, list[bytes]]:
    """Requests of both kinds; no event is in two of them."""
    bodies: dict[str, list[bytes]] = {"batch": [], "single": []}
    for number, events in enumerate(_blocks(history)):
        if number < BATCHES:
            bodies["batch"].append(json.dumps({"batch": events}).encode())
        else:
            bodies["single"] += [json.dumps({"batch": [event]}).encode() for event in events]
        if len(bodies["single"]) >= SINGLES:
            break
    if not bodies["single"]:
        half = len(bodies["batch"]) // 2
        events = [e for body in bodies["batch"][half:] for e in json.loads(body)["batch"]]
        bodies["batch"] = bodies["batch"][:half]
        bodies["single"] = [json.dumps({"batch": [event]}).encode() for event in events]
    return bodies


def _requests(host: str, key: str, bodies: Sequence[bytes], clients: int) -> float:
    """Answered requests a second while they last, at most some seconds."""
    waiting: Iterator[bytes] = iter(bodies)
    lock, done, wrong = threading.Lock(), [0] * clients, list[str]()
    until = time.monotonic() + SECONDS

    def client(place: int) -> None:
        connection = http.client.HTTPConnection(host)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        while time.monotonic() < until and not wrong:
            with lock:
                body = next(waiting, None)
            if body is None:
                return
            connection.request("POST", "/v1/events", body, headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 200:
                wrong.append(f"{answer.status}: {said[:300]!r}")
            done[place] += 1

    threads = [threading.Thread(target=client, args=(place,)) for place in range(clients)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise SystemExit(f"the collector refused: {wrong[0]}")
    return sum(done) / (time.monotonic() - begun)


def _blocks(history: History) -> Iterator[list[dict[str, Any]]]:
    """Rows of the history as the native door takes them, `BATCH` at a time."""
    for batch in parquet.ParquetFile(history.parquet).iter_batches(BATCH):
        yield [_event(row) for row in batch.to_pylist()]


def _event(row: dict[str, Any]) -> dict[str, Any]:
    names = (*FIELDS, *PROPERTIES)
    return {
        "event": row["event"],
        "user": row["user_id"],
        "time": int(row["time"].timestamp() * 1000),
        "uuid": row["uuid"],
        "properties": {name: row[name] for name in names if row[name] is not None},
    }


def _csv(history: History, folder: Path, tell: Tell) -> float:
    """`userops import` of the first rows of the history as CSV, into a folder of its own."""
    tell("import of CSV")
    file = parquet.ParquetFile(history.parquet)
    rows = pa.Table.from_batches([next(file.iter_batches(min(CSV_ROWS, history.events)))])
    path = folder / "events.csv"
    arrow_csv.write_csv(rows.drop_columns(["person", "received"]), path)
    said = import_file(path, folder / "csv")
    if said["stored"] != rows.num_rows:
        raise SystemExit(f"of {rows.num_rows} rows of CSV {said['stored']} were stored")
    return float(rows.num_rows / said["seconds"])


__all__ = ["ingest"]
