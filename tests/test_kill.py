"""`kill -9` at random moments under load: every acknowledged event is there once, and no half request."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from uuid import uuid4

import pytest

KILLS = 20
SENDERS = 4
ANOTHER = {**os.environ, "USEROPS_PORT": "0", "PYTHONUNBUFFERED": "1"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from userops.cli import main; main()", *arguments]


class Server:
    """A real server in a process of its own."""

    def __init__(self, data: Path):
        self.process = subprocess.Popen(
            command("serve", "--data", str(data)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=ANOTHER,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"http://\S+", line):
                self.url = found.group()
                return
        raise AssertionError("the server did not start")

    def kill(self, number: int = signal.SIGKILL) -> None:
        self.process.send_signal(number)
        self.process.wait(timeout=60)
        assert self.process.stdout is not None
        self.process.stdout.close()


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
                "properties": {"request": uuids[0]},
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


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    data = tmp_path_factory.mktemp("killed") / "data"
    made = subprocess.run(
        command("init", "--data", str(data), "--yes", "--json", "--product", "app"),
        check=True,
        capture_output=True,
        text=True,
        env=ANOTHER,
    )
    key = json.loads(made.stdout)["write_key"]
    dice = random.Random(9)
    acked: list[list[str]] = []
    unacked: list[list[str]] = []
    for number in range(KILLS):
        server = Server(data)
        senders = [Sender(server.url, key, number * 10 + n) for n in range(SENDERS)]
        if unacked:  # a sender that got no answer sends again
            again = unacked.pop(0)
            senders[0].send(again)
        for sender in senders:
            sender.start()
        time.sleep(dice.uniform(0.05, 0.8))
        server.kill()
        for sender in senders:
            sender.going = False
        for sender in senders:
            sender.join(timeout=30)
            acked += sender.acked
            unacked += sender.unacked
    server = Server(data)
    server.kill(signal.SIGTERM)
    assert server.process.returncode == 0, "a TERM signal ends the server cleanly"
    rows = subprocess.run(
        [sys.executable, "-c", READ, str(data)],
        check=True,
        capture_output=True,
        text=True,
        env=ANOTHER,
    )
    stored = json.loads(rows.stdout.splitlines()[-1])
    checked = subprocess.run(
        command("check", "--data", str(data)), capture_output=True, text=True, env=ANOTHER
    )
    return {"acked": acked, "unacked": unacked, "stored": stored, "checked": checked}


READ = """
import json, os, sys
os.environ["USEROPS_DATA"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "userops.web.settings"
import django; django.setup()
from userops.events import store
opened = store.current()
rows = opened.engine.rows(
    "select toString(uuid), toString(props.request) from events where event = 'kill_test'")
opened.close()
print(json.dumps([list(row) for row in rows]))
"""


def test_every_acknowledged_event_is_stored_once(history):
    stored = [uuid for uuid, _ in history["stored"]]
    acked = [uuid for request in history["acked"] for uuid in request]
    assert len(history["acked"]) > KILLS
    assert len(stored) == len(set(stored)), "an event is stored twice"
    assert set(acked) <= set(stored), "an acknowledged event is lost"


def test_no_request_is_stored_by_half(history):
    sizes: dict[str, int] = {}
    for _, request in history["stored"]:
        sizes[request] = sizes.get(request, 0) + 1
    sent = {uuids[0]: len(uuids) for uuids in [*history["acked"], *history["unacked"]]}
    assert {request: size for request, size in sizes.items() if sent[request] != size} == {}


def test_the_folder_is_in_order_afterwards(history):
    assert history["checked"].returncode == 0, history["checked"].stdout
