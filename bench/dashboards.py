"""Twenty readers at once: `uv run python bench/dashboards.py --data FOLDER --product NAME`.

A real server on the folder; a dashboard of twelve cards is refreshed through the API, first by one reader, then by
twenty at once, while events come in all the time, so that no answer can be remembered for long. Each reader has six
connections, as a browser has. Printed: milliseconds of a card and of a whole dashboard, failures, memory of the
server, what a cancelled question takes to end. The folder is changed: use a copy or one that is made for it. Of a
history that has ended, `--until DAY` names the last day of the cards, on which the new events arrive as well.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench.serving import Running, quantiles, serving, show

READERS, CONNECTIONS = 20, 6
ROUNDS = {1: 5, READERS: 3}
"""How often each refreshes, alone and among all."""
PREPARE = """
import json, os, sys
import django
django.setup()
from userops.events.models import Product, WriteKey
from userops.workspace.actions.tokens import create_token
from userops.workspace.models import Membership, User
product = Product.objects.get(slug=sys.argv[1])
tokens = []
for number in range(int(sys.argv[2])):
    user, _ = User.objects.get_or_create(email=f"reader{number}@bench.example", defaults={"password": "!"})
    Membership.objects.get_or_create(user=user, product=product, defaults={"role": "analyst"})
    tokens.append(create_token(name="bench", scopes=["query"], days=1, acting_user=user)[1])
key = WriteKey.objects.create(product=product, name="bench")
print(json.dumps({"tokens": tokens, "key": key.key, "timezone": product.timezone}))
"""


def cards(product: str, events: list[str], until: date | None) -> list[dict[str, Any]]:
    """Eight cards that the daily rollups answer, four that read events."""
    first, second, *rest = [*events, *events][:4]

    def days(count: int) -> dict[str, Any]:
        if until is None:
            return {"last": count, "include_current": True}
        return {"from": str(until - timedelta(days=count - 1)), "to": str(until)}

    common = {"product": product, "range": days(90)}

    def trend(event: str, measure: str, **more: Any) -> dict[str, Any]:
        return {"kind": "trend", "series": [{"event": event, "measure": measure}], **more}

    found = [
        trend("*", "users"),
        trend("*", "wau"),
        trend("*", "mau"),
        trend(first, "users", unit="week"),
        trend(second, "total"),
        {"kind": "retention", "start": first, "return": "*", "periods": 14},
        {"kind": "lifecycle", "unit": "week"},
        {"kind": "stickiness"},
        trend(second, "total", breakdown=["channel"]),
        trend(first, "users", breakdown=["platform"], unit="week"),
        {"kind": "funnel", "steps": [first, second, rest[0]], "window": "7d", "counts_only": True},
        {"kind": "distribution", "event": second, "range": days(30)},
    ]
    return [{**common, **each} for each in found]


@dataclass
class Readers:
    """Refresh the dashboard, each reader by connections of their own."""

    host: str
    documents: list[dict[str, Any]]
    rounds: int
    card_seconds: list[float] = field(default_factory=list)
    dashboard_seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def refresh(self, tokens: list[str]) -> None:
        threads = [threading.Thread(target=self._one, args=(token,)) for token in tokens]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

    def _one(self, token: str) -> None:
        for _ in range(self.rounds):
            begun = time.perf_counter()
            with ThreadPoolExecutor(CONNECTIONS) as pool:
                list(pool.map(lambda document: self._card(token, document), self.documents))
            self.dashboard_seconds.append(time.perf_counter() - begun)

    def _card(self, token: str, document: dict[str, Any]) -> None:
        begun = time.perf_counter()
        status, body = ask(self.host, token, "/api/query", document)
        if status != 200:
            self.failures.append(f"{status} {body[:200]!r}")
        self.card_seconds.append(time.perf_counter() - begun)


def ask(host: str, token: str, path: str, body: Any) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(host, timeout=600)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


class Arriving(threading.Thread):
    """Sends a batch of events ten times a second."""

    def __init__(self, host: str, key: str, events: list[str], until: date | None):
        super().__init__(daemon=True)
        noon = until and datetime(until.year, until.month, until.day, 12, tzinfo=UTC)
        self.behind = time.time() - noon.timestamp() if noon else 0.0
        self.host, self.key, self.events = host, key, events
        self.going, self.sent, self.failed = True, 0, 0

    def run(self) -> None:
        while self.going:
            now = int((time.time() - self.behind) * 1000)
            batch = [
                {"event": name, "user": f"live-{n}", "time": now, "uuid": str(uuid4())}
                for n, name in enumerate(self.events * 5)
            ]
            status, _ = ask(self.host, self.key, "/v1/events", {"batch": batch})
            self.sent += len(batch) * (status == 200)
            self.failed += status != 200
            time.sleep(0.1)


def cancelling(running: Running, token: str, document: dict[str, Any]) -> float:
    """Seconds from the cancel of a running question to its end."""
    ended: list[float] = []

    def long() -> None:
        ask(running.host, token, "/api/query?query_id=benchcancel", document)
        ended.append(time.perf_counter())

    thread = threading.Thread(target=long)
    thread.start()
    time.sleep(0.3)
    begun = time.perf_counter()
    ask(running.host, token, "/api/query/cancel", {"query_id": "benchcancel"})
    thread.join()
    return max(0.0, ended[0] - begun)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--product", default="demo")
    options.add_argument("--until", type=date.fromisoformat)
    options.add_argument("--events", default="product_view,add_to_cart,checkout,pay_success")
    chosen = options.parse_args()
    names = chosen.events.split(",")
    made = subprocess.run(
        [sys.executable, "-c", PREPARE, chosen.product, str(READERS)],
        env={
            **os.environ,
            "USEROPS_DATA": str(chosen.data.absolute()),
            "DJANGO_SETTINGS_MODULE": "userops.web.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    facts = json.loads(made.stdout.splitlines()[-1])
    documents = cards(chosen.product, names, chosen.until)
    with serving(chosen.data) as running:
        for document in documents:  # the first one waits for pages of the disk
            ask(running.host, facts["tokens"][0], "/api/query", document)
        arriving = Arriving(running.host, facts["key"], names, chosen.until)
        arriving.start()
        while not arriving.sent:
            time.sleep(0.1)
        figures = {}
        for count in (1, READERS):
            readers = Readers(running.host, documents, ROUNDS[count])
            before, begun = running.processor(), time.perf_counter()
            readers.refresh(facts["tokens"][:count])
            spent, lasted = running.processor() - before, time.perf_counter() - begun
            figures[count] = readers
            label = "one reader" if count == 1 else f"{count} readers"
            show(f"a card, {label}", quantiles(readers.card_seconds))
            show(
                f"a dashboard of {len(documents)} cards, {label}",
                quantiles(readers.dashboard_seconds),
            )
            show(f"processor of the server, {label}", f"{spent:.1f} s of {lasted:.1f}")
            show(f"failures, {label}", str(len(readers.failures)), "; ".join(readers.failures[:2]))
        p95 = [
            sorted(each.card_seconds)[int(len(each.card_seconds) * 0.95)]
            for each in figures.values()
        ]
        show("p95 of a card, twenty readers ÷ one", f"{p95[1] / p95[0]:.1f}", "wanted: at most 3")
        show(
            "cancel to end",
            f"{cancelling(running, facts['tokens'][0], documents[8]) * 1000:.0f} ms",
        )
        arriving.going = False
        arriving.join(10)
        show("events taken in meanwhile", str(arriving.sent), f"{arriving.failed} requests failed")
        show("memory of the server", *running.memory())


if __name__ == "__main__":
    main()
