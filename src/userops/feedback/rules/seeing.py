"""What conditions see of a ticket: its fields, its cause, and its person where a rule asks for that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from userops.audience.facts.reading import of_person
from userops.audience.people import identity_of
from userops.audience.segments.models import Segment
from userops.audience.tags.models import Tag
from userops.calendars.models import WorkCalendar
from userops.calendars.reading import calendar_of
from userops.errors import UserOpsError
from userops.events.models import Product, UserId
from userops.events.store import current
from userops.feedback.conditions import Condition
from userops.feedback.rules.document import Document
from userops.feedback.rules.lives import STORED, Past
from userops.feedback.rules.vocabulary import FIELDS
from userops.feedback.sorting.branches import Branches
from userops.feedback.tickets.models import Ticket, TicketEvent
from userops.worktime.calendar import Calendar

_COLUMNS = {"category": "category_id", "team": "team_id", "owner": "owner_id"}


def state_of(ticket: Ticket) -> dict[str, Any]:
    """The stored fields as they are now."""
    return {name: getattr(ticket, _COLUMNS.get(name, name)) for name in STORED}


def past_of(event: TicketEvent) -> Past:
    words = event.message.text if event.message is not None else ""
    return Past(event.pk, event.at, event.kind, event.data, words)


class Eyes:
    """Looks at the tickets of one product; what belongs to the product is read once."""

    def __init__(self, product: Product):
        self.product = product
        self._branches = Branches(product)
        self._persons: dict[int, frozenset[str]] = {}

    def seen(
        self, ticket: Ticket, state: Mapping[str, Any], more: Mapping[str, Any], at: datetime
    ) -> Seen:
        """A ticket in a state of its life, when something happened."""
        plain = {
            **state,
            "channel": ticket.channel,
            "text": f"{ticket.subject}\n{ticket.text}",
            "contact": bool(ticket.email or ticket.phone),
            **more,
        }
        return Seen(
            plain,
            {
                "known": lambda: self._person(ticket) is not None,
                "segments": lambda: self._held(ticket, self._segments),
                "tags": lambda: self._held(ticket, self._tags),
                "hours": lambda: self._open(at),
            },
        )

    def wider(self, document: Document) -> dict[Condition, Condition]:
        """Conditions on categories with all below them."""
        return {
            each: Condition(each.field, each.test, tuple(self._branches.within(each.values)))
            for each in document.conditions
            if FIELDS[each.field].kind == "branch" and each.values
        }

    @cached_property
    def _segments(self) -> dict[str, int]:
        return {each.fact: each.pk for each in Segment.objects.filter(product=self.product)}

    @cached_property
    def _tags(self) -> dict[str, int]:
        return {each.fact: each.pk for each in Tag.objects.filter(product=self.product)}

    @cached_property
    def calendars(self) -> dict[int, Calendar]:
        """By key; 0 is the standard one."""
        rows = WorkCalendar.objects.filter(product=self.product)
        return {0: calendar_of(self.product)} | {row.pk: row.calendar() for row in rows}

    def _open(self, at: datetime) -> frozenset[int]:
        return frozenset(key for key, each in self.calendars.items() if each.open_at(at))

    def _person(self, ticket: Ticket) -> int | None:
        if ticket.person is not None:
            return ticket.person
        ids = [each for each in (ticket.distinct_id, ticket.email, ticket.phone) if each]
        rows = UserId.objects.filter(product=self.product, distinct_id__in=ids)
        return rows.values_list("uid", flat=True).first() if ids else None

    def _held(self, ticket: Ticket, names: Mapping[str, int]) -> frozenset[int]:
        uid = self._person(ticket)
        if uid is None:
            return frozenset()
        if uid not in self._persons:
            self._persons[uid] = self._facts(uid)
        return frozenset(names[each] for each in self._persons[uid] if each in names)

    def _facts(self, uid: int) -> frozenset[str]:
        try:
            who = identity_of(self.product, uid)
        except UserOpsError:
            return frozenset()
        return frozenset(each.name for each in of_person(current(), self.product, who.uids))


class Seen(Mapping[str, Any]):
    """Fields by name; those that cost a question are asked when somebody looks."""

    def __init__(self, plain: dict[str, Any], asked: Mapping[str, Callable[[], Any]]):
        self._plain, self._asked = plain, asked

    def __getitem__(self, name: str) -> Any:
        if name not in self._plain and name in self._asked:
            self._plain[name] = self._asked[name]()
        return self._plain[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._asked, **self._plain})

    def __len__(self) -> int:
        return len({**self._asked, **self._plain})
