"""A product as it was at the end of a past day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from userops.query.dates import midnight, milliseconds
from userops.query.scope import Scope


def as_of(scope: Scope, day: date, facts: Mapping[str, int] | None = None) -> Scope:
    """The scope as if it were the end of `day` and no later event had come in. `facts`: the versions that stood
    then, of those that have others today. Who is one person, and profiles, are as they are known today."""
    end = midnight(day + timedelta(days=1), scope.zone)
    return replace(
        scope,
        facts=lambda: {**scope.facts(), **(facts or {})},
        now=end - timedelta(milliseconds=1),
        before=milliseconds(end),
        builds=lambda: {each: build for each, build in scope.rollup.items() if each <= day},
    )
