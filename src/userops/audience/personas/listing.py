"""Persona sets as programs read them."""

from __future__ import annotations

from typing import Any

from userops.audience.personas.models import Card, PersonaSet


def told(found: PersonaSet) -> dict[str, Any]:
    """A set with its cards, newest run and movement."""
    run = found.newest()
    return {
        "id": found.pk,
        "name": found.name,
        "property": found.fact,
        "document": found.document,
        "schedule": found.schedule,
        "refreshed": found.refreshed and found.refreshed.isoformat(timespec="seconds"),
        "problem": found.problem,
        "range": run and {"from": run.first.isoformat(), "to": run.last.isoformat()},
        "figures": run
        and {k: v for k, v in run.figures.items() if k not in ("criterion", "features")},
        "moves": run.moves if run else [],
        "cards": [_card(card) for card in found.cards.all()],
    }


def _card(card: Card) -> dict[str, Any]:
    return {
        "id": card.pk,
        "name": card.name,
        "words": card.words.as_dict(),
        "description": card.description,
        "needs": card.needs,
        "action": card.action,
        "light": card.light,
        "gone": card.gone,
        "users": card.users,
        "share": card.share,
        "group": card.group,
    }
