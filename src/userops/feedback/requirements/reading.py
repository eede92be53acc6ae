"""Requirements as programs and pages read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from userops.events.models import Product
from userops.feedback.requirements.announcing import worded
from userops.feedback.requirements.asking import NOT_TOLD, WAY_WORDS, Asker, Askers
from userops.feedback.requirements.models import Announcement, Answer, Requirement
from userops.feedback.requirements.ranking import Ranked
from userops.feedback.telling.actions import LANGUAGES
from userops.feedback.telling.following import template
from userops.feedback.telling.models import Moment, Told
from userops.words import Words


def of_product(product: Product) -> list[Requirement]:
    return list(Requirement.objects.filter(product=product).select_related("owner", "product"))


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would be told now. `ways`: users by way; `reasons`: by why not; `texts`: language → users who read it,
    subject and text with variables, and as the first of them would read it."""

    waiting: int
    told: int
    ways: dict[str, int]
    reasons: dict[str, int]
    texts: dict[str, dict[str, Any]]

    @property
    def shown_ways(self) -> list[tuple[Words, int]]:
        return [(WAY_WORDS[way], count) for way, count in self.ways.items()]

    @property
    def shown_reasons(self) -> list[tuple[Words, int]]:
        return [(NOT_TOLD[why], count) for why, count in self.reasons.items()]


def preview(requirement: Requirement) -> Preview:
    askers = Askers(requirement.product).of(requirement)
    waiting = [each for each in askers if each.state == "waiting"]
    states: Counter[str] = Counter(each.state for each in askers)
    ways = Counter(each.way for each in waiting)
    return Preview(
        waiting=len(waiting),
        told=states["told"],
        ways={way: ways[way] for way in WAY_WORDS if ways[way]},
        reasons={why: states[why] for why in NOT_TOLD if states[why]},
        texts=_texts(requirement, waiting),
    )


def _texts(requirement: Requirement, waiting: Sequence[Asker]) -> dict[str, dict[str, Any]]:
    found = {}
    for language in LANGUAGES:
        readers = [each for each in waiting if each.language == language]
        words = template(requirement.product_id, Moment.SHIPPED, language)
        if readers and words:
            subject, text = worded(requirement, Announcement(requirement=requirement), readers[0])
            found[language] = {
                "users": len(readers), "subject": words[0], "text": words[1],
                "example": {"subject": subject, "text": text},
            }  # fmt: skip
    return found


def sent_counts(requirement: Requirement) -> list[tuple[str, int]]:
    """How far what was told has come: (state, users)."""
    states = Answer.objects.filter(requirement=requirement).values_list("told__state", flat=True)
    counts = Counter(states)
    return [(state, counts[state]) for state in Told.State.values if counts[state]]


def told(each: Ranked) -> dict[str, Any]:
    """One for programs."""
    one = each.requirement
    return {
        "number": one.number,
        "title": one.title,
        "title_en": one.title_en,
        "description": one.description,
        "reference": one.reference,
        "address": one.address,
        "owner": one.owner.email if one.owner else None,
        "status": one.status,
        "version": one.version,
        "shipped": one.shipped.isoformat(timespec="seconds") if one.shipped else None,
        "users": each.users,
        "known_users": each.known,
        "tickets": each.tickets,
        "value": each.value,
        "last_asked": each.last.isoformat(timespec="seconds") if each.last else None,
        "told": each.told,
        "not_told": {name: each.states[name] for name in ("waiting", *NOT_TOLD)},
    }


def told_whole(each: Ranked) -> dict[str, Any]:
    """With what is on its way, who would be told, and its history; tickets by their numbers."""
    found = preview(each.requirement)
    return {
        **told(each),
        "sent": dict(sent_counts(each.requirement)),
        "going_on": each.requirement.announcements.filter(finished=None).exists(),
        "preview": {"users": found.waiting, "ways": found.ways, "texts": found.texts},
        "history": [
            {
                "at": row.at.isoformat(timespec="milliseconds"), "kind": row.kind,
                "by": row.by.email if row.by else None, "data": row.data,
            }
            for row in each.requirement.history.select_related("by")
        ],
    }  # fmt: skip
