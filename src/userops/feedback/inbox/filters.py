"""Which tickets the inbox shows: read from its address, written back into it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from userops.errors import Refused
from userops.events.models import Product
from userops.feedback.sorting.branches import Branches
from userops.feedback.tickets.contacts import of_contact
from userops.feedback.tickets.models import ACTIVE, Sentiment, Severity, Source, Status, Ticket
from userops.feedback.tickets.searching import matching
from userops.words import Words
from userops.workspace.access import permissions_in
from userops.workspace.models import User
from userops.workspace.roles import Permission

ORDERS = {
    "updated": ("-updated", "-pk"),
    "opened": ("-opened", "-pk"),
    "due": ("due", "pk"),
}
_MOMENT = "%Y%m%dT%H%M%S.%f"
_ALLOWED: dict[str, tuple[str, ...]] = {
    "status": ("active", "all", *Status.values),
    "severity": tuple(Severity.values),
    "sentiment": tuple(Sentiment.values),
    "channel": tuple(Source.values),
    "complaint": ("yes",),
    "late": ("yes",),
    "order": tuple(ORDERS),
}
_KEYS = ("owner", "team", "category")
LONGEST_QUERY = 200


def place_of(ticket: Ticket, order: str) -> str:
    """Where a ticket stands in an order: places compare as text, the way the rows do."""
    moment: datetime | None = getattr(ticket, ORDERS[order][0].lstrip("-"))
    return f"{moment.astimezone(UTC):{_MOMENT}}_{ticket.pk:012d}" if moment else ""


def beyond(order: str, place: str) -> Q:
    """What stands after a place; everything for a place that is none."""
    written, _mark, key = place.partition("_")
    try:
        moment = datetime.strptime(written, _MOMENT).replace(tzinfo=UTC)
        last = int(key)
    except ValueError:
        return Q()
    column, _key = ORDERS[order]
    name, way = column.lstrip("-"), "lt" if column.startswith("-") else "gt"
    tie = Q(**{name: moment, f"pk__{way}": last})
    # the first part lets the index find the place at once
    return Q(**{f"{name}__{way}e": moment}) & (Q(**{f"{name}__{way}": moment}) | tie)


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty: not filtered. `owner` is `me`, `none` or a key; `category` means its branch."""

    q: str = ""
    status: str = "active"
    owner: str = ""
    team: str = ""
    category: str = ""
    severity: str = ""
    sentiment: str = ""
    channel: str = ""
    complaint: str = ""
    late: str = ""
    order: str = "updated"

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Filters:
        """What is not understood is left out: an old address still shows something."""
        kept = {"q": given.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]}
        for name, allowed in _ALLOWED.items():
            value = given.get(name, "")
            if value and value in allowed:
                kept[name] = value
        for name in _KEYS:
            value = given.get(name, "")
            if value in ("me", "none") or (value.isdecimal() and len(value) < 16):
                kept[name] = value
        return cls(**kept)

    @classmethod
    def exactly(cls, given: Mapping[str, str]) -> Filters:
        """All that a program asks for: what is not understood would find other tickets. Raises `Refused`."""
        found = cls.read(given)
        for name in (*_ALLOWED, *_KEYS):
            value = given.get(name, "")
            if value and value != getattr(found, name):
                known = ", ".join(_ALLOWED.get(name, ("me", "none")))
                zh, en = ("", "") if name in _ALLOWED else (" 或编号", " or a key")
                raise Refused(
                    Words(
                        f"{name} 应为以下之一：{known}{zh}；实际为 {value[:40]!r}。",
                        f"{name} is one of {known}{en}; got {value[:40]!r}.",
                    ),
                    code="filter_unknown",
                    hint=Words(
                        "请改正这个筛选条件，或不填。", "Mend this filter, or leave it out."
                    ),
                )
        return found

    def query(self) -> str:
        """As an address holds it: only what differs from the plain inbox."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        plain = {each.name: each.default for each in fields(self)}
        return urlencode({name: value for name, value in given.items() if value != plain[name]})

    def with_(self, **changed: str) -> Filters:
        return replace(self, **changed)

    @property
    def narrow(self) -> bool:
        """Whether more than the order is asked for."""
        return self.with_(order="updated") != Filters()

    def tickets(
        self, product: Product, user: User, among: Collection[int] | None = None
    ) -> QuerySet[Ticket]:
        """`among`: keys of few tickets of the product, which are then found by these alone."""
        every = among is None
        rows = Ticket.objects.filter(**{"product": product} if every else {"pk__in": among})
        if self.status == "active":
            rows = rows.filter(status__in=ACTIVE)
        elif self.status != "all":
            rows = rows.filter(status=self.status)
        for name in ("severity", "sentiment", "channel"):
            if getattr(self, name):
                rows = rows.filter(**{name: getattr(self, name)})
        if self.complaint:
            rows = rows.filter(complaint=True)
        if self.late:
            rows = rows.filter(due__lt=datetime.now(UTC))
        if self.order == "due":
            rows = rows.filter(due__isnull=False)
        rows = rows.filter(self._assigned(product, user))
        return matching(rows, self.q, self._from(product, user)) if self.q else rows

    def _from(self, product: Product, user: User) -> list[int]:
        """Tickets of the user whose contact or id is looked for: a hit would tell it to whom it is masked."""
        sees = Permission.SEE_PEOPLE in permissions_in(user, product)
        return of_contact(product, self.q) if sees else []

    def _assigned(self, product: Product, user: User) -> Q:
        found = Q()
        for name in ("owner", "team"):
            value = getattr(self, name)
            if value == "none":
                found &= Q(**{f"{name}__isnull": True})
            elif value == "me":
                mine = user.teams.filter(product=product) if name == "team" else [user]
                found &= Q(**{f"{name}__in": mine})
            elif value:
                found &= Q(**{name: int(value)})
        if self.category == "none":
            found &= Q(category__isnull=True)
        elif self.category.isdecimal():
            found &= Q(category__in=Branches(product).within([int(self.category)]))
        return found
