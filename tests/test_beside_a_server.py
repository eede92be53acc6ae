"""Every command works while a server owns the folder, and a backup made under load is of one moment."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.processes import ENVIRONMENT, Server, command, run, run_json

DAY = "2026-03-02"
SIZE = 20
"""Events of one request: they are stored together or not at all."""
TOTAL = {
    "kind": "trend",
    "product": "app",
    "range": {"from": "2026-03-01", "to": "2026-03-31"},
    "unit": "day",
    "series": [
        {"event": "moment", "measure": "total"},
        {"event": "moment", "measure": "users"},
    ],
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    data = tmp_path_factory.mktemp("beside") / "data"
    key = run_json("init", "--data", data, "--yes")["write_key"]
    with Server(data) as server:
        yield server, key


def send(url: str, key: str, batch: list[dict[str, Any]]) -> dict[str, Any]:
    request = urllib.request.Request(
        url + "/v1/events",
        data=json.dumps({"batch": batch}).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.loads(response.read())  # type: ignore[no-any-return]


def events(number: int) -> list[dict[str, Any]]:
    """Each request has users of its own, so users and events grow in step."""
    return [
        {
            "event": "moment",
            "user": f"user-{number}-{place}",
            "time": f"{DAY}T10:00:00Z",
            "uuid": str(uuid4()),
        }
        for place in range(SIZE)
    ]


def write_rows(path: Path, rows: int) -> Path:
    lines = [f"u{n % 997},{DAY} 10:00:{n % 60:02},look" for n in range(rows)]
    path.write_text("user_id,time,event\n" + "\n".join(lines) + "\nu1,never,look\n")
    return path


def importing(path: Path, data: Path, *more: str) -> list[str | Path]:
    columns = ["--user", "user_id", "--time", "time", "--event", "event"]
    return ["import", path, "--product", "files", *columns, "--data", data, *more]


def test_import_dry_run_then_import_then_again(place, tmp_path):
    data, path = place[0].data, write_rows(tmp_path / "rows.csv", 300)
    dry = run_json(*importing(path, data, "--dry-run"))
    assert dry["run"] is None
    first = run_json(*importing(path, data))
    again = run_json(*importing(path, data))
    keys = ("rows", "stored", "refused", "duplicates")
    assert [[told[key] for key in keys] for told in (dry, first, again)] == [
        [301, 300, 1, 0],
        [301, 300, 1, 0],
        [301, 0, 1, 300],
    ]
    assert set(dry) == set(first)
    assert Path(first["quarantine"]).exists()


def test_an_import_prints_the_same_keys_with_and_without_a_server(place, tmp_path):
    path = write_rows(tmp_path / "rows.csv", 10)
    alone = run_json(*importing(path, tmp_path / "other"))
    beside = run_json(*importing(path, place[0].data))
    assert set(alone) == set(beside)
    assert set(alone["report"]) == set(beside["report"])


def test_a_wrong_mapping_is_refused_as_without_a_server(place, tmp_path):
    path = write_rows(tmp_path / "rows.csv", 10)
    for data in (place[0].data, tmp_path / "other"):
        arguments = importing(path, data, "--json")
        arguments[arguments.index("user_id")] = "nobody"
        told = json.loads(run(*arguments, code=1))
        assert told["error"]["code"] == "column_unknown"


def test_ctrl_c_cancels_the_import_in_the_server(place, tmp_path):
    data, path = place[0].data, write_rows(tmp_path / "many.csv", 600_000)
    process = subprocess.Popen(
        command(*map(str, importing(path, data, "--json"))),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )
    time.sleep(1.2)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert json.loads(said)["error"]["code"] == "import_cancelled"


def test_quarantine_is_listed_exported_and_replayed(place):
    server, key = place
    bad = {"event": "moment", "user": "q", "time": "no time at all"}
    send(server.url, key, [bad, {"event": "good", "user": "q", "uuid": str(uuid4())}])
    where = ("--product", "app", "--data", server.data)
    listed = run_json("quarantine", "list", *where)
    assert [each["rows"] for each in listed] == [1]
    assert "no time at all" in run("quarantine", "export", *where)
    assert json.loads(run("quarantine", "replay", *where))["taken"] == 0


def test_one_person_is_erased(place):
    server, key = place
    send(server.url, key, [{"event": "gone", "user": "zoe", "uuid": str(uuid4())}])
    arguments = ("erase", "--product", "app", "--user", "zoe", "--yes", "--data", server.data)
    proof = json.loads(run(*arguments))
    assert proof["before"]["events"] == 1 and proof["after"]["events"] == 0
    run(*arguments, code=1)


def test_the_door_of_the_command_line_is_for_it_alone(place):
    server, key = place
    for token in (key, "wrong", ""):
        request = urllib.request.Request(
            server.url + "/api/local/check",
            data=b"{}",
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with pytest.raises(urllib.error.HTTPError) as wrong:
            urllib.request.urlopen(request, timeout=20)
        wrong.value.close()
        assert wrong.value.code in (401, 403)


class Sender(threading.Thread):
    """Sends one request after the other; `acked` are the numbers of those that were answered."""

    def __init__(self, url: str, key: str, numbers: Iterator[int]) -> None:
        super().__init__(daemon=True)
        self.url, self.key, self.numbers = url, key, numbers
        self.acked = 0
        self.going = True

    def run(self) -> None:
        for number in self.numbers:
            if not self.going:
                return
            send(self.url, self.key, events(number))
            self.acked += 1


def test_a_backup_under_load_is_of_one_moment(place, tmp_path):
    server, key = place
    senders = [Sender(server.url, key, iter(range(n, 10**9, 4))) for n in range(4)]
    for sender in senders:
        sender.start()
    path = write_rows(tmp_path / "many.csv", 100_000)
    loading = threading.Thread(target=lambda: run(*importing(path, server.data)))
    loading.start()
    time.sleep(1.0)
    backups = []
    for number in range(2):
        before = sum(sender.acked for sender in senders)
        run("backup", tmp_path / f"{number}.tar.zst", "--data", server.data)
        backups.append((number, before, sum(sender.acked for sender in senders) + len(senders)))
        checked = run("check", "--data", server.data)
        assert "BAD" not in checked
    for sender in senders:
        sender.going = False
    for sender in senders:
        sender.join(60)
    loading.join(120)
    assert not (server.data / ".snapshot").exists()
    for number, before, after in backups:
        data = tmp_path / f"restored-{number}"
        run("restore", tmp_path / f"{number}.tar.zst", "--data", data)
        assert "BAD" not in run("check", "--data", data)
        asked = run("query", "-", "--format", "json", "--data", data, stdin=json.dumps(TOTAL))
        total, users = (each["total"] for each in json.loads(asked)["result"]["series"])
        assert total == users, "a request is there by half"
        assert total % SIZE == 0
        assert before * SIZE <= total <= after * SIZE
