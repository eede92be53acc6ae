"""`kill -9` while mails leave, to a real mail server: nobody is forgotten, and of what shipped nobody hears twice.

The mail server itself kills, at the two worst moments: when it has taken a mail and not said so yet, and just before it
would have taken it.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from tests.processes import ENVIRONMENT, Server, run
from userops.client import running_server
from userops.feedback.channels.mail.conftest import free_port
from userops.web.tasks import WORKERS

KILLS = {("asked", 2): True, ("asked", 20): False, ("wrote", 4): True, ("member", 2): False}
"""The n-th mail to whom kills the server; whether it was taken."""
EACH = {**{f"asked{n}": 1 for n in range(60)}, **{f"wrote{n}": 3 for n in range(6)},
        **{f"invited{n}": 1 for n in range(8)}, "member": 4}  # fmt: skip
"""Mails that each is to get: what shipped; it came in, asked back, answer; a survey; an alarm for each ticket."""
DESK = """
import django
django.setup()
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from userops.calendars.actions import Wanted as Hours, create_calendar
from userops.events import store
from userops.events.models import Product
from userops.events.records import Event, ProfileChange
from userops.experience.surveys import actions as surveys
from userops.experience.surveys.inviting import send_round
from userops.feedback.clocks.actions import Wanted as Promise, create_policy
from userops.feedback.clocks.steps import Step
from userops.feedback.requirements import actions as requirements
from userops.feedback.tickets.actions import Incoming, answer, open_ticket
from userops.workspace.models import User
product, member, now = Product.objects.get(), User.objects.get(), datetime.now(UTC)

def opened(text, email, **more):
    return open_ticket(product, Incoming(text, email=email, **more), acting_user=None)

asked = [opened("希望可以导出", f"asked{n}@example.com", channel="import") for n in range(60)]
asked += [opened("还没有导出吗", f"Asked{n}@example.com", channel="import") for n in range(0, 60, 6)]
made = requirements.create(product, requirements.Wanted("导出"), acting_user=member)
requirements.link_tickets(made, [each.number for each in asked], acting_user=member)
requirements.set_status(made, "shipped", acting_user=member)
requirements.announce(made, acting_user=member)
for n in range(6):
    wrote = opened("退款没有到账", f"wrote{n}@example.com", channel="form")
    answer(wrote, "请告诉我们订单号", status="waiting", acting_user=member)
opening, known = store.current(), []
for n in range(8):
    known.append(Event(event="pay", distinct_id=f"u{n}", ts=int(now.timestamp() * 1000), uuid=uuid4()))
    known.append(ProfileChange(distinct_id=f"u{n}", operation="set", properties={"email": f"invited{n}@example.com"}))
opening.ingest.submit(product.pk, "test", known)
survey = surveys.create_survey(product, "问", template="nps", acting_user=member)
surveys.set_survey(survey, surveys.Settings(ways=("mail",)), acting_user=member)
send_round(opening, surveys.publish(survey, acting_user=member))
create_calendar(product, Hours("全天", week=["00:00-24:00"] * 7), acting_user=member)
steps = (Step(100, ("managers",)),)
create_policy(product, Promise("紧急", severities=["urgent"], first=60, steps=steps), acting_user=member)
for n in range(4):
    # an imported one is promised an answer from when it comes in
    opened("打不开", "", channel="form", severity="urgent", at=now - timedelta(hours=9))
store.close_current()
"""


@dataclass
class Postman:
    """A real SMTP server. `taken`: to whom, and the names of the mails."""

    kills: dict[tuple[str, int], bool] = field(default_factory=lambda: dict(KILLS))
    process: Any = None
    heard: Counter[str] = field(default_factory=Counter)
    taken: list[tuple[str, str]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        to = envelope.rcpt_tos[0].lower().partition("@")[0]
        kind = to.rstrip("0123456789")
        self.heard[kind] += 1
        how = self.kills.pop((kind, self.heard[kind]), None)
        if how is not False:
            self.taken.append((to, str(message_from_bytes(envelope.content)["Message-ID"])))
        if how is not None:
            self.process.kill()
        return "250 OK"

    def names(self, to: str) -> list[str]:
        return [name for each, name in self.taken if each == to]


@pytest.fixture
def postman() -> Iterator[tuple[Postman, dict[str, str]]]:
    """With the settings of a server that sends by it."""
    from aiosmtpd.controller import Controller

    found = Postman()
    controller = Controller(found, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield found, {"USEROPS_MAIL_URL": f"smtp://127.0.0.1:{controller.port}"}
    controller.stop()


def settled(data: Path) -> bool:
    """Everything was written, and nothing waits."""
    outboxes = ("telling_told", "tickets_sending", "surveys_invitation", "notices_delivery")
    with closing(sqlite3.connect(f"file:{data}/userops.sqlite3?mode=ro", uri=True)) as rows:

        def count(sql: str) -> int:
            return int(rows.execute(f"select count(*) from {sql}").fetchone()[0])

        waiting = sum(count(f"{each} where state in ('waiting', 'sending')") for each in outboxes)
        going = count("requirements_announcement where finished is null")
        return not waiting and not going and count("notices_delivery") == EACH["member"]


def until(happened: Callable[[], bool], seconds: float = 120) -> None:
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_nobody_is_forgotten_and_news_come_once(
    tmp_path: Path, postman: tuple[Postman, dict[str, str]]
) -> None:
    data, (server, mail) = tmp_path / "data", postman
    run("init", "--data", data, "--email", "member@example.com", "--product", "app", "--yes")
    settings = {"USEROPS_DATA": str(data), "DJANGO_SETTINGS_MODULE": "userops.web.settings"}
    environment = {**ENVIRONMENT, **settings, **mail}
    subprocess.run([sys.executable, "-c", DESK], env=environment, check=True)
    starts = 0
    while server.kills:
        with Server(data, mail) as running:
            server.process, starts = running.process, starts + 1
            until(lambda: running.process.poll() is not None)
    with Server(data, mail):
        until(lambda: settled(data))
        _as_promised(server, starts)
        # what nobody knows of is told to the members, who may send it again
        missing = [to for to in EACH if not server.names(to)]
        desk = running_server(data)
        assert desk is not None
        sent = desk.errand("requirement", product="app", number=1)["sent"]
        assert missing and sent == {"sent": 60 - sent["failed"], "failed": sent["failed"]}
        assert len(missing) < sent["failed"] <= WORKERS * starts
        desk.errand("requirement-tell", product="app", number=1, again=True)
        until(lambda: settled(data))
    assert all(len(set(server.names(to))) == wanted for to, wanted in EACH.items())


def _as_promised(server: Postman, kills: int) -> None:
    for to, wanted in EACH.items():
        names = server.names(to)
        if to.startswith("asked"):  # never twice by itself
            assert len(names) <= wanted
        else:  # at least once, and what came again is known by its name
            assert len(set(names)) == wanted, (to, names)
    twice = len(server.taken) - len(set(server.taken))
    assert twice <= WORKERS * kills
