"""Whether a rule fits what is seen of a ticket, and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from userops.feedback.conditions import Condition
from userops.feedback.rules.document import Document


@dataclass(frozen=True, slots=True)
class Check:
    """One condition, the value that it met, and whether it held."""

    condition: Condition
    seen: Any
    held: bool

    def row(self) -> dict[str, Any]:
        seen = sorted(self.seen) if isinstance(self.seen, frozenset) else self.seen
        if isinstance(seen, str) and len(seen) > SHOWN:
            seen = f"{seen[: SHOWN - 1]}…"
        return {
            "field": self.condition.field, "test": self.condition.test,
            "values": list(self.condition.values), "seen": seen, "held": self.held,
        }  # fmt: skip


SHOWN = 120


@dataclass(frozen=True, slots=True)
class Verdict:
    """All conditions are looked at, so that a log tells of each."""

    fits: bool
    checks: tuple[Check, ...]


def judge(
    document: Document, seen: Mapping[str, Any], wider: Mapping[Condition, Condition] | None = None
) -> Verdict:
    """`wider`: conditions as they are really tested, such as a branch with all below it."""
    wider = wider or {}

    def check(each: Condition) -> Check:
        return Check(each, seen.get(each.field), wider.get(each, each).holds(seen))

    whole = tuple(check(each) for each in document.all)
    some = tuple(check(each) for each in document.any)
    fits = all(each.held for each in whole) and (not some or any(each.held for each in some))
    return Verdict(fits, (*whole, *some))
