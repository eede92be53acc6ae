"""Opens the surveys of the demo company, and writes down what was planted in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from statistics import fmean
from typing import Any

from userops.demo.load import TRUTH_FILE, DemoOrder, write_json
from userops.demo.plan import Plan, make_plan
from userops.demo.surveys import planted
from userops.demo.surveys.asked import Asked, Desk
from userops.demo.surveys.forms import forms
from userops.demo.surveys.people import members_of
from userops.demo.surveys.writing import write_surveys
from userops.demo.world import PERSONAS
from userops.events.models import Product
from userops.events.store import Store
from userops.experience.surveys.models import Survey
from userops.experience.surveys.satisfaction import refresh
from userops.workspace.models import User


def open_surveys(
    store: Store, product: Product, order: DemoOrder, owner: User, language: str
) -> None:
    """Write surveys, whom they asked and what was answered, unless the product has any already."""
    path = store.config.data / TRUTH_FILE
    if Survey.objects.filter(product=product).exists() or not path.exists():
        return
    plan = make_plan(date.fromisoformat(order.end), order.days)
    until = min(datetime.now(UTC), datetime.fromtimestamp(plan.end_ms / 1000, UTC))
    told = planted.tell(members_of(store, product, order.seed), plan, order.seed, until)
    write_surveys(product, told, forms(plan, language), owner, language)
    refresh(store, product)
    known = json.loads(path.read_text(encoding="utf-8"))
    write_json(path, {**known, "surveys": truth(told, plan)})


def truth(told: Desk, plan: Plan) -> dict[str, Any]:
    """What was planted and how large it happened to be, counted from what happened itself."""
    nps, csat, ces = (_answered(told, key) for key in ("nps", "csat", "ces"))
    crashed = [each for each in csat if _crashed(each)]
    return {
        "nps": {
            "fall": planted.FALL,
            "waves": [
                {"start": day.isoformat(), **_nps([each for each in nps if each.on.wave == wave])}
                for wave, day in enumerate(planted.wave_starts(plan))
            ],
            "personas": {
                persona.slug: _mean([each for each in nps if each.on.member.persona == at], "nps")
                for at, persona in enumerate(PERSONAS)
            },
        },
        "csat": {
            "improve": "speed", "no_driver": "price", "drives": planted.DRIVES,
            "crashed": {"n": len(crashed), "mean": _mean(crashed, "csat")},
            "others": _mean([each for each in csat if not _crashed(each)], "csat"),
        },
        "ces": {
            door: _mean([each for each in ces if each.answers["door"]["chosen"] == [door]], "ces")
            for door in ("self", "staff")
        },
        "asked": {
            key: {
                "asked": sum(not each.reason for each in asked),
                "not_asked": sum(bool(each.reason) for each in asked),
                "completed": sum(each.completed is not None for each in asked),
            }
            for key, asked in told.asked.items()
        },
    }  # fmt: skip


def _answered(told: Desk, key: str) -> list[Asked]:
    return [each for each in told.asked.get(key, ()) if each.started]


def _crashed(each: Asked) -> bool:
    return each.on.member.crashed is not None and each.on.member.crashed < each.on.at


def _mean(asked: Sequence[Asked], key: str) -> float | None:
    return round(fmean(each.answers[key] for each in asked), 3) if asked else None


def _nps(asked: Sequence[Asked]) -> dict[str, Any]:
    values = [each.answers["nps"] for each in asked]
    balance = sum((value >= 9) - (value <= 6) for value in values)
    return {"n": len(values), "nps": round(100 * balance / len(values), 2) if values else None}
