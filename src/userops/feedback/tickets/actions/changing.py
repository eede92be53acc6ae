"""Changes: fields, status, owner, and handing over to another team."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Final

from django.db import transaction

from userops.errors import Refused
from userops.events.models import Product
from userops.feedback.hints import CHECK_KEY
from userops.feedback.passing import once_in_a_pass
from userops.feedback.sorting.models import Category, Team
from userops.feedback.tickets.history import Kind, record, take
from userops.feedback.tickets.incoming import LONGEST_SUBJECT, checked_text, known
from userops.feedback.tickets.models import Sentiment, Severity, Status, Ticket
from userops.words import Words
from userops.workspace.access import permissions_in
from userops.workspace.models import User
from userops.workspace.roles import Permission

KEEP: Final[Any] = object()
"""A field that stays as it is: None is a value, such as no owner."""


@dataclass(frozen=True, slots=True)
class Change:
    """How a ticket should be; fields that are not given stay. Owner, team and category are keys of rows."""

    status: str = KEEP
    subject: str = KEEP
    category: int | None = KEEP
    severity: str = KEEP
    sentiment: str = KEEP
    complaint: bool = KEEP
    language: str = KEEP
    tier: str = KEEP
    area: str = KEEP
    app_version: str = KEEP
    owner: int | None = KEEP
    team: int | None = KEEP
    root_cause: str = KEEP
    solution: str = KEEP
    prevention: str = KEEP

    def wanted(self) -> dict[str, Any]:
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in given.items() if value is not KEEP}


@transaction.atomic
def change_ticket(
    ticket: Ticket, change: Change, *, at: datetime | None = None, acting_user: User | None
) -> Ticket:
    """Change what is given: a line of history for each field that differs. Raises `Refused`."""
    ticket = take(ticket, acting_user)
    at = at or datetime.now(UTC)
    wanted = change.wanted()
    status = wanted.pop("status", ticket.status)
    before: dict[str, Any] = {}
    for name, value in wanted.items():
        column, good = _checked(ticket.product, name, value)
        if getattr(ticket, column) != good:
            before[name] = getattr(ticket, column)
            setattr(ticket, column, good)
    _route(ticket, before)
    if before:
        ticket.updated = at
        ticket.save(update_fields=[*(_CHECKS[name][0] for name in before), "updated"])
    for name, old in before.items():
        new = getattr(ticket, _CHECKS[name][0])
        data = {"field": name, "from": old, "to": new}
        record(ticket, Kind.CHANGED, by=acting_user, at=at, data=data)
    if status != ticket.status:
        move(ticket, status, by=acting_user, at=at)
    return ticket


def _route(ticket: Ticket, before: dict[str, Any]) -> None:
    """What is sorted goes to the team of its category, unless it has a team or an owner already."""
    if "category" not in before or "team" in before or ticket.team_id or ticket.owner_id:
        return
    if ticket.category is not None and ticket.category.team_id is not None:
        before["team"] = None
        ticket.team_id = ticket.category.team_id


@transaction.atomic
def hand_over(
    ticket: Ticket,
    team: Team,
    text: str = "",
    *,
    at: datetime | None = None,
    acting_user: User | None,
) -> Ticket:
    """Another team goes on with it; `text` tells them why, as a note. Raises `Refused`."""
    from userops.feedback.tickets.actions.speaking import add_note

    ticket = take(ticket, acting_user)
    at = at or datetime.now(UTC)
    if not ticket.active or ticket.team_id == team.pk:
        raise Refused(
            Words(
                "只有未解决的工单可以转交给另一个团队。",
                "Only a ticket that is not solved is handed over, and to another team.",
            ),
            code="ticket_not_handed_over",
            hint=Words(
                "请选另一个团队；已解决的工单先改为处理中。",
                "Choose another team; set a solved ticket in progress first.",
            ),
        )
    _checked(ticket.product, "team", team.pk)
    before, owner = ticket.team_id, ticket.owner_id
    ticket.team, ticket.owner, ticket.updated = team, None, at
    ticket.save(update_fields=["team", "owner", "updated"])
    if text.strip():
        add_note(ticket, text, at=at, acting_user=acting_user)
    data = {"from": before, "to": team.pk, "owner": owner}
    record(ticket, Kind.HANDED_OVER, by=acting_user, at=at, data=data)
    if ticket.status != Status.HANDED_OVER:
        move(ticket, Status.HANDED_OVER, by=acting_user, at=at)
    return ticket


def move(ticket: Ticket, status: str, *, by: User | None, at: datetime) -> None:
    """To another status, with its times; of a ticket that `take` gave. Raises `Refused`."""
    known("status", status, Status.values)
    if ticket.merged_into_id is not None:
        raise Refused(
            Words(
                f"工单 #{ticket.number} 已合并，请先撤销合并。",
                f"Ticket #{ticket.number} is merged: undo that first.",
            ),
            code="ticket_merged",
            hint=Words(
                "请在合并后的工单上操作，或先撤销合并。",
                "Work on the ticket that it went into, or undo the merge.",
            ),
        )
    if status == ticket.status:
        return
    before, ticket.status, ticket.updated = ticket.status, status, at
    ended = status in (Status.SOLVED, Status.CLOSED)
    if status == Status.SOLVED or (status == Status.CLOSED and before != Status.SOLVED):
        ticket.solved = at
    elif not ended:
        ticket.solved = None
    ticket.closed = at if status == Status.CLOSED else None
    ticket.save(update_fields=["status", "updated", "solved", "closed"])
    record(ticket, Kind.STATUS, by=by, at=at, data={"from": before, "to": status})


@once_in_a_pass
def _checked(product: Product, name: str, value: Any) -> tuple[str, Any]:
    """The column of a field, and the value that stands in it. Raises `Refused`."""
    column, check = _CHECKS[name]
    return column, check(product, value)


def _choice(name: str, choices: list[str]) -> Callable[[Product, Any], str]:
    return lambda _product, value: known(name, value, choices)


def _row(model: Any, name: str) -> Callable[[Product, Any], int | None]:
    def check(product: Product, key: Any) -> int | None:
        if key is None:
            return None
        if model.objects.filter(product=product, pk=key).exists():
            return int(key)
        raise Refused(
            Words(f"没有 {name} {key!r}。", f"There is no {name} {key!r}."),
            code=f"{name}_unknown",
            hint=CHECK_KEY,
        )

    return check


def _owner(product: Product, key: Any) -> int | None:
    if key is None:
        return None
    user = User.objects.filter(pk=key, is_active=True).first()
    if user is None or Permission.HANDLE_TICKETS not in permissions_in(user, product):
        raise Refused(
            Words("这位成员不能处理工单。", "This member does not handle tickets."),
            code="owner_unknown",
            hint=Words(
                "请选有处理工单权限的成员，或先给这位成员相应角色。",
                "Choose a member whose role handles tickets, or give this one such a role.",
            ),
        )
    return user.pk


def _line(longest: int, *, empty: bool = True) -> Callable[[Product, Any], str]:
    def check(_product: Product, value: Any) -> str:
        return " ".join(checked_text(str(value), longest=longest, empty=empty).split())

    return check


_CHECKS: dict[str, tuple[str, Callable[[Product, Any], Any]]] = {
    "subject": ("subject", _line(LONGEST_SUBJECT, empty=False)),
    "category": ("category_id", _row(Category, "category")),
    "severity": ("severity", _choice("severity", Severity.values)),
    "sentiment": ("sentiment", _choice("sentiment", Sentiment.values)),
    "complaint": ("complaint", lambda _product, value: bool(value)),
    "language": ("language", _line(10)),
    "tier": ("tier", _line(60)),
    "area": ("area", _line(100)),
    "app_version": ("app_version", _line(60)),
    "owner": ("owner_id", _owner),
    "team": ("team_id", _row(Team, "team")),
    **{
        name: (name, lambda _product, value: checked_text(str(value), empty=True))
        for name in ("root_cause", "solution", "prevention")
    },
}
