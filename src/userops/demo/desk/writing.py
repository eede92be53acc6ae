"""The stories as rows of the desk, written at once: what `tickets/actions` would have written one by one, without
telling anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from userops.demo.desk.crew import Crew
from userops.demo.desk.stories import Step, Story
from userops.demo.desk.words import AGAIN, ANSWERS, TEAMS
from userops.events.models import Product
from userops.feedback.sorting.actions import BETWEEN
from userops.feedback.sorting.models import Category, Team
from userops.feedback.telling.models import Rating
from userops.feedback.tickets.incoming import subject_of
from userops.feedback.tickets.models import (
    Message,
    Numbering,
    Status,
    Ticket,
    TicketEvent,
    TicketText,
)
from userops.feedback.tickets.searching import tokens
from userops.words import Words
from userops.workspace.models import User

Kind, Direction = TicketEvent.Kind, Message.Direction
_CHUNK = 500


@dataclass
class _Rows:
    messages: list[Message] = field(default_factory=list)
    events: list[TicketEvent] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)


@transaction.atomic
def write_desk(
    product: Product, told: list[Story], names: dict[int, str], crew: Crew, language: str
) -> None:
    """`names`: the id of each user. Those of a team take its tickets by turns. The oldest ticket is the first."""
    teams = _teams(product, language)
    categories = _categories(
        product, {each.said.about.category: each.said.about.team for each in told}, teams, language
    )
    ordered = sorted(told, key=lambda each: (each.said.at, each.said.uid))
    tickets = [
        _ticket(product, number, story, names.get(story.said.uid, ""), categories, teams, language)
        for number, story in enumerate(ordered, start=1)
    ]
    rows = _Rows()
    for ticket, story in zip(tickets, ordered, strict=True):
        team = crew[story.said.about.team]
        _Course(ticket, story, team[ticket.number % len(team)], language, rows).write()
    Ticket.objects.bulk_create(tickets, batch_size=_CHUNK)
    Numbering.objects.update_or_create(product=product, defaults={"last": len(tickets)})
    TicketText.objects.bulk_create(
        [
            TicketText(ticket=each, tokens=" ".join(tokens(f"{each.subject} {each.text}")))
            for each in tickets
        ],
        batch_size=_CHUNK,
    )
    Message.objects.bulk_create(rows.messages, batch_size=_CHUNK)
    TicketEvent.objects.bulk_create(rows.events, batch_size=_CHUNK)
    Rating.objects.bulk_create(rows.ratings, batch_size=_CHUNK)


def _teams(product: Product, language: str) -> dict[str, Team]:
    return {
        key: Team.objects.get_or_create(product=product, name=words.text(language))[0]
        for key, words in TEAMS.items()
    }


def _categories(
    product: Product, wanted: dict[Words, str], teams: dict[str, Team], language: str
) -> dict[str, Category]:
    """The branches with what is above them, by path."""
    found: dict[str, Category] = {}
    for words, team in sorted(wanted.items(), key=lambda pair: pair[0].zh):
        parent: Category | None = None
        names = words.text(language).split(BETWEEN)
        for depth, name in enumerate(names, start=1):
            path = BETWEEN.join(names[:depth])
            leaf = depth == len(names)
            if path not in found:
                found[path], _ = Category.objects.get_or_create(
                    product=product, path=path,
                    defaults={"name": name, "parent": parent, "team": teams[team] if leaf else None},
                )  # fmt: skip
            parent = found[path]
    return found


def _ticket(
    product: Product, number: int, story: Story, name: str, categories: dict[str, Category],
    teams: dict[str, Team], language: str,
) -> Ticket:  # fmt: skip
    said = story.said
    return Ticket(
        product=product,
        number=number,
        subject=subject_of("", said.text),
        text=said.text,
        language="zh",
        category=categories[said.about.category.text(language)],
        severity=story.severity,
        sentiment="negative" if said.rating <= 2 else "positive" if said.rating >= 5 else "neutral",
        complaint=story.complaint,
        distinct_id=name,
        person=said.uid,
        device=said.platform,
        channel=story.channel,
        app_version=said.app_version,
        team=teams[said.about.team],
        opened=said.at,
        heard=said.at,
        updated=said.at,
    )


@dataclass
class _Course:
    """One ticket through its steps."""

    ticket: Ticket
    story: Story
    owner: User
    language: str
    rows: _Rows

    def write(self) -> None:
        self._say(Direction.IN, self.story.said.at, self.story.said.text, Kind.OPENED)
        for step in self.story.steps:
            getattr(self, f"_{step.what}")(step)

    def _answer(self, step: Step) -> None:
        self._speak(step.at, ANSWERS[self.ticket.number % len(ANSWERS)].text(self.language))
        self.ticket.answered = self.ticket.answered or step.at
        self.ticket.owner = self.owner
        self._move(Status.OPEN, step.at)

    def _ask(self, step: Step) -> None:
        ask = Words(
            "请补充一下订单号和截图，谢谢。", "Please send the order number and a screenshot."
        )
        self._speak(step.at, ask.text(self.language))
        self._move(Status.WAITING, step.at)

    def _write(self, step: Step) -> None:
        self._hear(step.at, "已补充，麻烦看一下")

    def _again(self, step: Step) -> None:
        self._hear(step.at, AGAIN[self.ticket.number % len(AGAIN)])

    def _solve(self, step: Step) -> None:
        about = self.story.said.about
        solution = about.solution.text(self.language)
        self._speak(step.at, solution)
        self.ticket.solution, self.ticket.solved = solution, step.at
        if about.cause:
            self.ticket.root_cause = about.cause.text(self.language)
        if about.prevention:
            self.ticket.prevention = about.prevention.text(self.language)
        self._move(Status.SOLVED, step.at)
        if step is self.story.solves[-1] and self.story.score is not None:
            assert self.story.score_at is not None
            self.rows.ratings.append(
                Rating(
                    ticket=self.ticket,
                    ending=self.rows.events[-1],
                    score=self.story.score,
                    at=self.story.score_at,
                )
            )

    def _close(self, step: Step) -> None:
        self.ticket.closed = step.at
        self._move(Status.CLOSED, step.at)

    def _hear(self, at: datetime, text: str) -> None:
        self._say(Direction.IN, at, text, Kind.RECEIVED)
        self.ticket.heard = self.ticket.updated = at
        self._move(Status.OPEN, at)
        self.ticket.closed = None

    def _speak(self, at: datetime, text: str) -> None:
        self._say(Direction.OUT, at, text, Kind.ANSWERED)
        self.ticket.spoken = self.ticket.updated = at

    def _say(self, direction: str, at: datetime, text: str, kind: str) -> None:
        out = direction == Direction.OUT
        author = self.owner if out else None
        message = Message(
            ticket=self.ticket, at=at, direction=direction, channel=self.ticket.channel, author=author,
            text=text,
        )  # fmt: skip
        self.rows.messages.append(message)
        self.rows.events.append(
            TicketEvent(ticket=self.ticket, at=at, kind=kind, by=author, message=message)
        )

    def _move(self, status: str, at: datetime) -> None:
        if status == self.ticket.status:
            return
        data = {"from": str(self.ticket.status), "to": str(status)}
        self.rows.events.append(
            TicketEvent(ticket=self.ticket, at=at, kind=Kind.STATUS, by=self.owner, data=data)
        )
        self.ticket.status, self.ticket.updated = status, at


def ids_of(product: Product, uids: Iterable[int]) -> dict[int, str]:
    """One id of each user."""
    from userops.events.models import UserId

    found: dict[int, str] = {}
    rows = UserId.objects.filter(product=product, uid__in=list(set(uids)))
    for uid, name in rows.values_list("uid", "distinct_id"):
        found.setdefault(uid, name)
    return found
