"""What the fields of tickets can be set to, for menus; and how a menu's value is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from userops.events.models import Product
from userops.feedback.inbox.models import Macro
from userops.feedback.sorting.models import Category, Team
from userops.feedback.tickets.models import Sentiment, Severity, Source, Status
from userops.workspace.models import User
from userops.workspace.roles import GRANTS, Permission


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


def _key(value: str, _user: User) -> int | None:
    return int(value) if value.isdecimal() and len(value) < 16 else None


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
    "solution": _text,
    "complaint": lambda value, _user: value == "yes",
    "category": _key,
    "team": _key,
    "owner": _owner,
}
"""Field → how the value that a form sends becomes one that `Change` takes."""
