"""The operational data in PostgreSQL: the whole way from `init` to answers, by real processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.processes import ENVIRONMENT, Server, run, run_json

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
THREADS, REQUESTS, SIZE = 6, 8, 10


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = [each for place in PLACES for each in Path("/").glob(place[1:])]
    return max((each for each in folders if (each / "initdb").exists()), default=None)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL of its own, reached through a socket in its folder."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("POSTGRESQL MISSING: the tests of DATABASE_URL did not run")
    # a short path: the name of a socket may have 107 bytes
    folder = Path("/tmp") / f"userops-pg-{os.getpid()}"
    folder.mkdir()
    # PostgreSQL refuses to run as root
    before = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if before:
        shutil.chown(folder, "postgres", "postgres")
    database = folder / "database"

    def call(name: str, *arguments: str) -> None:
        subprocess.run(
            [*before, str(binaries / name), *arguments],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    try:
        call("initdb", "-D", str(database), "-U", "userops", "-A", "trust", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        call("pg_ctl", "-D", str(database), "-w", "-o", options, "-l", str(folder / "log"), "start")
        try:
            call("createdb", "-h", str(folder), "-U", "userops", "userops")
            yield f"postgresql://userops@/userops?host={folder}"
        finally:
            call("pg_ctl", "-D", str(database), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Collected:
    data: Path
    settings: dict[str, str]
    imported: dict[str, Any]
    receipts: list[dict[str, Any]]


def _send(url: str, key: str, batch: list[dict[str, Any]]) -> dict[str, Any]:
    request = urllib.request.Request(
        url + "/v1/events",
        data=json.dumps({"batch": batch}).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.loads(response.read())  # type: ignore[no-any-return]


def _requests(thread: int) -> Iterator[list[dict[str, Any]]]:
    """Every thread sees visitors, who sign up under the same names in all threads."""
    for number in range(REQUESTS):
        visitor = f"visitor-{thread}-{number}"
        visits = [
            {
                "event": "visit",
                "user": visitor,
                "time": "2026-03-02T10:00:00Z",
                "uuid": str(uuid4()),
                "properties": {"thread": thread},
            }
            for _ in range(SIZE)
        ]
        identify = {
            "type": "identify",
            "user": f"member-{number}",
            "anonymous_id": visitor,
            "properties": {"plan": "gold"},
        }
        yield [*visits, identify]


@pytest.fixture(scope="module")
def collected(address: str, tmp_path_factory: pytest.TempPathFactory) -> Collected:
    data = tmp_path_factory.mktemp("postgres") / "data"
    settings = {"DATABASE_URL": address}
    made = run_json("init", "--data", data, "--yes", extra=settings)
    rows = data.with_name("rows.csv")
    rows.write_text(
        "user_id,time,event\n"
        + "".join(f"u{n % 50},2026-03-01 0{n % 9}:00,open\n" for n in range(500))
    )
    columns = ("--user", "user_id", "--time", "time", "--event", "event")
    imported = run_json(
        "import", rows, "--product", "app", *columns, "--data", data, extra=settings
    )
    receipts: list[dict[str, Any]] = []
    with Server(data, settings) as server:

        def work(thread: int) -> None:
            for batch in _requests(thread):
                receipts.append(_send(server.url, made["write_key"], batch))
                receipts.append(_send(server.url, made["write_key"], batch))

        threads = [threading.Thread(target=work, args=(n,)) for n in range(THREADS)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        beside = run_json(
            "import", rows, "--product", "app", *columns, "--data", data, extra=settings
        )
        assert beside["duplicates"] == 500
        assert "BAD" not in run("check", "--data", data, extra=settings)
    assert server.process.returncode == 0
    return Collected(data, settings, imported, receipts)


def test_an_import_is_stored(collected):
    assert collected.imported["stored"] == 500


def test_each_event_counts_once_and_visitors_are_their_members(collected):
    document = {
        "kind": "trend",
        "product": "app",
        "range": {"from": "2026-03-01", "to": "2026-03-03"},
        "unit": "day",
        "series": [
            {"event": "visit", "measure": "total"},
            {"event": "visit", "measure": "users"},
        ],
    }
    where = ("--data", collected.data)
    said = run(
        *("query", "-", "--format", "json", *where),
        stdin=json.dumps(document),
        extra=collected.settings,
    )
    total, users = (series["total"] for series in json.loads(said)["result"]["series"])
    assert total == THREADS * REQUESTS * SIZE
    assert users == REQUESTS, "the visitors of all threads are the same members"


def test_everything_is_in_order_afterwards(collected):
    said = run("check", "--data", collected.data, extra=collected.settings)
    assert "BAD" not in said


def test_a_database_that_is_not_there_is_told_in_one_sentence(tmp_path):
    settings = {"DATABASE_URL": "postgresql://userops:secret@127.0.0.1:1/userops"}
    said = run("check", "--data", tmp_path / "data", extra=settings, code=1, errors=True)
    assert "database_unreachable" in said
    assert "Traceback" not in said and "secret" not in said


def test_a_backup_of_an_external_database_is_refused(collected):
    told = run("backup", "--data", collected.data, extra=collected.settings, code=1)
    assert told == ""


ALONE = """
import sys, time, django
django.setup()
from userops.errors import StoreFailed
from userops.events import exclusive
exclusive.PATIENCE_S = 1
try:
    with exclusive.exclusive("test"):
        print("in", flush=True)
        time.sleep(float(sys.argv[1]))
except StoreFailed as wrong:
    print(wrong.code, flush=True)
"""


def test_one_holder_of_a_lock_among_processes(collected):
    """Also on another machine: the database holds it, and lets go of what a crash left."""
    environment = {**os.environ, **collected.settings, "USEROPS_DATA": str(collected.data)}
    environment["DJANGO_SETTINGS_MODULE"] = "userops.web.settings"

    def child(seconds: float) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", ALONE, str(seconds)]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    with child(120) as first:
        assert first.stdout is not None and first.stdout.readline() == "in\n"
        assert child(0).communicate()[0] == "busy\n"
        first.kill()
        first.wait()
        assert child(0).communicate()[0] == "in\n"


def test_tickets_are_found_and_handled_as_on_sqlite(address: str) -> None:
    """The tests of search and of the inbox, by a process that has this database."""
    here = "src/userops/feedback"
    files = [f"{here}/tickets/test_searching.py", f"{here}/inbox/test_inbox.py"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files],
        env={**ENVIRONMENT, "DATABASE_URL": address},  # a folder of its own: this one's is locked
        cwd=Path(__file__).resolve().parent.parent,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-4000:]
