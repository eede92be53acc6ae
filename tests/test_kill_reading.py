"""`kill -9` amid reading all tickets and finding topics: the next start takes both up and ends them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

from tests.processes import ENVIRONMENT, Server, run
from userops.client import running_server

TICKETS = """
import django
django.setup()
from datetime import UTC, datetime, timedelta
from userops.events.models import Product
from userops.feedback.tickets.models import Ticket
from userops.text.planted import planted
product, now = Product.objects.get(), datetime.now(UTC)
texts = planted(70)[0]
rows = [Ticket(product=product, number=at + 1, subject=texts[at % 210][:40], text=f"{texts[at % 210]} {at}",
               channel="api", opened=now - timedelta(hours=at % 900), heard=now, updated=now)
        for at in range(6_000)]
Ticket.objects.bulk_create(rows, batch_size=1_000)
"""


def wait(look, until, seconds=240):
    ends = time.monotonic() + seconds
    while not until(found := look()):
        assert time.monotonic() < ends, found
        time.sleep(0.05)
    return found


def test_what_a_kill_left_running_is_taken_up(tmp_path):
    data = tmp_path / "data"
    run("init", "--data", data, "--email", "a@example.com", "--product", "app", "--yes")
    settings = {"USEROPS_DATA": str(data), "DJANGO_SETTINGS_MODULE": "userops.web.settings"}
    environment = {**ENVIRONMENT, **settings}
    subprocess.run([sys.executable, "-c", TICKETS], env=environment, check=True)
    with Server(data) as server:
        desk = running_server(data)
        first = desk.errand("understanding-read", product="app")
        desk.errand("topics-grow", product="app", count=3)
        wait(
            lambda: (
                desk.errand("understanding-run", product="app")["done"],
                desk.errand("topics-growing", product="app")["state"],
            ),
            lambda found: found[0] > 0 and found[1] == "running",
        )
        server.stop(signal.SIGKILL)
    with Server(data) as server:
        desk = running_server(data)
        ended = wait(
            lambda: desk.errand("understanding-run", product="app", run=first["id"]),
            lambda found: found["state"] not in ("waiting", "running"),
        )
        assert (ended["state"], ended["done"], ended["total"]) == ("done", 6_000, 6_000)
        grown = wait(
            lambda: desk.errand("topics-growing", product="app"),
            lambda found: found["state"] == "idle",
        )
        assert grown["problem"] is None and grown["tickets"] == 6_000
        assert len(desk.errand("topics", product="app")["items"]) == 3
