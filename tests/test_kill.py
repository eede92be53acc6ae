"""`kill -9` at random moments under load: every acknowledged event is there once, and no half request."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest

from tests.processes import ENVIRONMENT, Server, run, run_json
from userops.client import running_server
from userops.errors import UserOpsError

KILLS = 20
FOLDERS = 2
SENDERS = 4


class Sender(threading.Thread):
    """Sends requests of several events each, until told to stop; keeps what was acknowledged."""

    def __init__(self, url: str, key: str, seed: int):
        super().__init__(daemon=True)
        self.url, self.key, self.random = url, key, random.Random(seed)
        self.acked: list[list[str]] = []
        self.unacked: list[list[str]] = []
        self.going = True

    def run(self) -> None:
        while self.going:
            self.send([str(uuid4()) for _ in range(self.random.randint(1, 40))])

    def send(self, uuids: list[str]) -> None:
        # times in several months: one request becomes several parts of the event table
        now = int(time.time() * 1000)
        batch = [
            {
                "event": "kill_test",
                "user": f"user-{self.random.randrange(300)}",
                "time": now - self.random.choice((0, 40, 80)) * 86_400_000,
                "uuid": uuid,
                "properties": {"request": uuids[0], "id": uuid},
            }
            for uuid in uuids
        ]
        request = urllib.request.Request(
            self.url + "/v1/events",
            data=json.dumps({"batch": batch}).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                assert response.status == 200
        except (urllib.error.URLError, OSError):
            self.unacked.append(uuids)
        else:
            self.acked.append(uuids)


@dataclass
class History:
    """What was sent to one data folder, and what is there in the end: `(uuid, request)` of each event."""

    data: Path
    acked: list[list[str]] = field(default_factory=list)
    unacked: list[list[str]] = field(default_factory=list)
    stored: list[tuple[str, str]] = field(default_factory=list)
    checked: str = ""


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> list[History]:
    made = [History(tmp_path_factory.mktemp("killed") / "data") for _ in range(FOLDERS)]
    # a start takes one processor: the folders share the machine
    with ThreadPoolExecutor(FOLDERS) as pool:
        list(pool.map(go_through, made, range(FOLDERS)))
    return made


def go_through(history: History, seed: int) -> None:
    """Start, send, kill, again and again; then look what is there."""
    data, dice = history.data, random.Random(seed)
    key = run_json("init", "--data", data, "--yes")["write_key"]
    for number in range(KILLS // FOLDERS):
        server = Server(data)
        senders = [Sender(server.url, key, number * 10 + n) for n in range(SENDERS)]
        if history.unacked:  # a sender that got no answer sends again
            senders[0].send(history.unacked.pop(0))
        for sender in senders:
            sender.start()
        builder = threading.Thread(target=build_rollups, args=(data,), daemon=True)
        builder.start()
        time.sleep(dice.uniform(0.05, 0.8))
        server.stop(signal.SIGKILL)
        for sender in senders:
            sender.going = False
        for sender in senders:
            sender.join(timeout=30)
            history.acked += sender.acked
            history.unacked += sender.unacked
    server = Server(data)
    server.stop()
    assert server.process.returncode == 0, "a TERM signal ends the server cleanly"
    rows = subprocess.run(
        [sys.executable, "-c", READ, str(data)],
        check=True,
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
    )
    history.stored = [(uuid, request) for uuid, request in json.loads(rows.stdout.splitlines()[-1])]
    history.checked = run("check", "--rollups", "--data", data)


def build_rollups(data: Path) -> None:
    """Have days counted again and again, until the server is killed while it does."""
    server = running_server(data)
    with contextlib.suppress(UserOpsError, OSError, http.client.HTTPException):
        while server is not None:
            server.errand("check-rollups", repair=True)


READ = """
import json, os, sys
os.environ["USEROPS_DATA"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "userops.web.settings"
import django; django.setup()
from userops.events import store
opened = store.current()
rows = opened.engine.rows(
    "select toString(props.id), toString(props.request) from events where event = 'kill_test'")
opened.close()
print(json.dumps([list(row) for row in rows]))
"""


def test_every_acknowledged_event_is_stored_once(histories):
    assert sum(len(history.acked) for history in histories) > KILLS
    for history in histories:
        stored = [uuid for uuid, _ in history.stored]
        acked = {uuid for request in history.acked for uuid in request}
        assert len(stored) == len(set(stored)), "an event is stored twice"
        assert acked <= set(stored), "an acknowledged event is lost"


def test_no_request_is_stored_by_half(histories):
    for history in histories:
        sizes = Counter(request for _, request in history.stored)
        sent = {uuids[0]: len(uuids) for uuids in [*history.acked, *history.unacked]}
        assert {request: size for request, size in sizes.items() if sent[request] != size} == {}


def test_the_folders_are_in_order_afterwards(histories):
    assert ["BAD" in history.checked for history in histories] == [False] * FOLDERS
    assert all("days of rollups, equal to the events" in each.checked for each in histories)
