"""A real SMTP server that can refuse, and one that breaks off; a report that is quick to build."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest


@dataclass
class Post:
    """The mails that arrived; `answers` are the next answers of the server: a line, or `drop` after it took
    the mail and before it said so."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    def to(self, address: str) -> list[EmailMessage]:
        return [each for each in self.mails if each["To"] == address]


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    from aiosmtpd.controller import Controller

    class Keeper:
        async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
            answer = found.answers.pop(0) if found.answers else "250 OK"
            if answer.startswith(("250", "drop")):
                found.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            if answer == "drop":
                server.transport.abort()
            return answer

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    found = Post(port)
    controller = Controller(Keeper(), hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield found
    controller.stop()


@pytest.fixture
def owner(make_user: Any, product: Any) -> Any:
    return make_user("operator", product)


@pytest.fixture
def chief(make_user: Any, product: Any) -> Any:
    return make_user("leadership", product)


@pytest.fixture
def small_kind(monkeypatch: pytest.MonkeyPatch) -> str:
    """A report of one figure: these tests are about sending, not about what it says."""
    from userops.reports import kinds
    from userops.reports.outline import Chapter, FigurePlan, ReportKind
    from userops.words import Words

    def ask(_subject: Any) -> dict[str, Any]:
        return {"kind": "trend", "unit": "day", "series": [{"event": "*", "measure": "users"}]}

    plan = FigurePlan("users", Words("活跃用户", "Active users"), ask)
    chapters = (Chapter("all", Words("概况", "Overview"), (plan,)),)
    words = Words("小周报", "Small weekly report")
    kind = ReportKind("small", words, words, chapters, (), lambda _book, _found: (), str)
    monkeypatch.setitem(kinds.BY_NAME, kind.name, kind)
    return kind.name


@pytest.fixture
def schedule(small_kind: str, product: Any, owner: Any, chief: Any) -> Any:
    """Every Monday at nine, in Shanghai: Excel and HTML, to a member and to an address outside."""
    from userops.reports.schedules.actions import Wanted, create_schedule

    wanted = Wanted(
        name="周报",
        kind=small_kind,
        cadence="weekly",
        about="week",
        at=time(9),
        formats=("xlsx", "html"),
        languages=("zh", "en"),
        members=(chief.pk,),
        addresses=("boss@example.com",),
    )
    return create_schedule(product, wanted, acting_user=owner)
