"""How many users a definition means, without keeping it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pyroaring import BitMap

from userops.audience.people import scope_of
from userops.audience.segments.actions import check_lists, read
from userops.audience.segments.others import SegmentsOf
from userops.audience.segments.past import past_of
from userops.events.models import Product
from userops.events.store import Store
from userops.segments import estimate, evaluate, everyone
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.models import User
from userops.workspace.roles import Permission
from userops.workspace.sight import check_named


@dataclass(frozen=True, slots=True)
class Counted:
    """How many users a definition means, of how many, and some of them. Where it was estimated, `interval`
    holds the true size in 95 of 100 estimates, and `asked` is of how many users it was made. `past`: what the
    count of a past day means."""

    size: int
    everyone: int
    sample: tuple[int, ...]
    interval: tuple[int, int] | None = None
    asked: int | None = None
    past: Words | None = None

    @property
    def share(self) -> float | None:
        return self.size / self.everyone if self.everyone else None

    def as_json(self) -> dict[str, Any]:
        interval = None if self.interval is None else list(self.interval)
        found = {"size": self.size, "everyone": self.everyone, "share": self.share}
        past = None if self.past is None else self.past.as_dict()
        return {**found, "interval": interval, "asked": self.asked, "past": past}


def count(
    store: Store,
    product: Product,
    document: Mapping[str, Any],
    *,
    own: int | None = None,
    sample: int = 0,
    quick: bool = False,
    day: date | None = None,
    acting_user: User,
) -> Counted:
    """Ask a definition without keeping it. `quick`: an estimate is enough where the count would read many
    events; `day`: as of the end of this day. Raises `DocumentError`, `Refused`, `NotFound`."""
    check(acting_user, product, Permission.VIEW)
    parsed, others = read(product, document), SegmentsOf(product)
    check_named(parsed.as_json(), product, acting_user)
    check_lists(product, parsed)
    past = None if day is None else past_of(store, product, parsed, day)
    scope, words = (past.scope, past.words) if past else (scope_of(store, product), None)
    all_ = everyone(scope)
    if quick and (about := estimate(parsed, scope, others, own=own)):
        chosen = _some(about.persons, sample)
        if about.low == about.high:
            return Counted(about.size, len(all_), chosen, past=words)
        between = (about.low, about.high)
        return Counted(about.size, len(all_), chosen, between, about.asked, words)
    found = evaluate(parsed, scope, others, own=own)
    return Counted(len(found), len(all_), _some(found, sample), past=words)


def _some(found: BitMap, many: int) -> tuple[int, ...]:
    """Spread over the whole set, and the same each time."""
    step = max(1, len(found) // many) if many else 1
    return tuple(found[at] for at in range(0, len(found), step))[:many] if many else ()
