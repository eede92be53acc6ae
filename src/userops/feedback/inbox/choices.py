"""What the fields of tickets can be set to, for menus; and how a menu's value is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString

from userops.events.models import Product
from userops.feedback.inbox.models import Macro
from userops.feedback.inbox.writing import written
from userops.feedback.requirements.models import OPEN, Requirement
from userops.feedback.requirements.models import Status as HowFar
from userops.feedback.sorting.models import Category, Team
from userops.feedback.tickets.models import Sentiment, Severity, Source, Status
from userops.workspace.models import User
from userops.workspace.roles import GRANTS, Permission

OFFERED = 100
ASKED_FOR = (*OPEN, HowFar.SHIPPED)
"""Requirements that menus offer: what was declined is linked on its own page."""


def agents(product: Product) -> list[User]:
    """The members who handle tickets of a product, by name."""
    roles = [role for role, granted in GRANTS.items() if Permission.HANDLE_TICKETS in granted]
    within = Q(memberships__product=product) | Q(memberships__product=None)
    found = User.objects.filter(within, memberships__role__in=roles, is_active=True).distinct()
    return sorted(found, key=str)


def choices(product: Product) -> dict[str, Any]:
    """For templates: `statuses`, `severities`, `sentiments`, `channels`, `agents`, `teams`, `categories`,
    `macros`."""
    return {
        "statuses": Status.choices,
        "severities": Severity.choices,
        "sentiments": [each for each in Sentiment.choices if each[0]],
        "channels": Source.choices,
        "agents": agents(product),
        "teams": list(Team.objects.filter(product=product)),
        "categories": list(Category.objects.filter(product=product, active=True)),
        "macros": list(Macro.objects.filter(product=product)),
    }


def menus(product: Product, chosen: Mapping[str, str]) -> dict[str, SafeString]:
    """The options of menus as they are written into a page: with the chosen one, by field; `set_` + field:
    with values that name their field."""
    members = [(str(each.pk), str(each)) for each in agents(product)]
    teams = Team.objects.filter(product=product).values_list("pk", "name")
    categories = Category.objects.filter(product=product, active=True).values_list("pk", "path")
    given: dict[str, list[tuple[str, Any]]] = {
        "status": Status.choices,
        "severity": Severity.choices,
        "channel": Source.choices,
        "owner": members,
        "team": [(str(key), name) for key, name in teams],
        "category": [(str(key), path) for key, path in categories],
    }
    found = {name: options(each, chosen.get(name, "")) for name, each in given.items()}
    del given["channel"]
    rows = Requirement.objects.filter(product=product, status__in=ASKED_FOR)[:OFFERED]
    given["requirement"] = [(str(each.number), str(each)) for each in rows]
    return found | {f"set_{name}": options(each, field=name) for name, each in given.items()}


def options(choices: Iterable[tuple[str, Any]], chosen: str = "", *, field: str = "") -> SafeString:
    """`<option>`s: (value, label); with a field, values are `field=value`."""
    before = f"{field}=" if field else ""
    return SafeString(
        "".join(
            written(
                '<option value="{}{}"{}>{}</option>',
                before,
                value,
                _SELECTED if chosen and value == chosen else "",
                label,
            )
            for value, label in choices
        )
    )


_SELECTED = SafeString(" selected")


def is_key(value: str) -> bool:
    return value.isdecimal() and len(value) < 16


def _key(value: str, _user: User) -> int | None:
    return int(value) if is_key(value) else None


def _owner(value: str, user: User) -> int | None:
    return user.pk if value == "me" else _key(value, user)


def _text(value: str, _user: User) -> str:
    return value


CHANGES: dict[str, Callable[[str, User], Any]] = {
    "status": _text,
    "severity": _text,
    "sentiment": _text,
    "subject": _text,
    "area": _text,
    "app_version": _text,
    "root_cause": _text,
    "solution": _text,
    "prevention": _text,
    "complaint": lambda value, _user: value == "yes",
    "category": _key,
    "team": _key,
    "owner": _owner,
}
"""Field → how the value that a form sends becomes one that `Change` takes."""
