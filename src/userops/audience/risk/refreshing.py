"""Everybody's chance to be lost, computed and kept as facts."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from userops.analyses.risk import RISK
from userops.analyses.risk.bands import LABELS, NAMES, band_of
from userops.analyses.risk.document import Risk
from userops.analyses.risk.drivers import in_words
from userops.analyses.risk.scoring import Scored, learner, scored
from userops.audience.facts import days
from userops.audience.people import scope_of
from userops.audience.personas.naming import event_labels
from userops.audience.risk.models import RiskState
from userops.errors import UserOpsError
from userops.events import facts
from userops.events.facts import About
from userops.events.models import Product
from userops.events.store import Store
from userops.words import Words

logger = logging.getLogger(__name__)

CHANCE = About("$risk", "computed", Words("流失概率", "Chance to be lost"), "number")
BAND = About("$risk_band", "computed", Words("流失风险档", "Band of churn risk"), values=LABELS)
TOP = 50
SHOWN = ("reason", "as_of", "test", "bands", "metrics", "expected", "users")


def state_of(product: Product) -> RiskState:
    return RiskState.objects.get_or_create(product=product)[0]


def document_of(state: RiskState) -> Risk:
    given = {"product": state.product.slug, "event": state.event, "window": state.window}
    return Risk.model_validate(given)


def refresh(store: Store, product: Product) -> RiskState:
    """Predict as of yesterday, and replace the facts; where nothing can be said there are none."""
    state, scope, since = state_of(product), scope_of(store, product), datetime.now(UTC)
    document = document_of(state).resolve(scope)
    result = RISK.run(document, scope)
    state.found = {**{name: result[name] for name in SHOWN}, "top": []}
    of = None if result["reason"] else learner(document, scope)
    now = None if of is None else scored(document, scope, of)
    if now is None:
        _forget(store, product)
    else:
        bands = [NAMES[place] for place in band_of(now.chance)]
        facts.write(
            store, product, CHANCE, now.person, np.round(now.chance, 3).tolist(), since=since
        )
        facts.write(store, product, BAND, now.person, bands, since=since)
        days.keep(product, BAND.name, dict(zip(now.person.tolist(), bands, strict=True)))
        state.found["top"] = _top(now, event_labels(product))
    state.as_of, state.refreshed = date.fromisoformat(result["as_of"]), datetime.now(UTC)
    state.people = result["users"] or 0
    state.save()
    return state


def _forget(store: Store, product: Product) -> None:
    there = facts.versions(product.pk)
    for about in (CHANCE, BAND):
        if about.name in there:
            facts.drop(store, product, about.name)
            days.forget(product, about.name)


def _top(now: Scored, labels: Mapping[str, Words]) -> list[dict[str, Any]]:
    """The persons of the highest risk, and in words what goes with it."""
    places = now.order[:TOP]
    return [
        {
            "person": int(now.person[place]),
            "chance": float(now.chance[place]),
            "reasons": [in_words(*reason, labels).as_dict() for reason in own],
        }
        for place, own in zip(places, now.reasons(places), strict=True)
    ]


def due(state: RiskState, now: datetime) -> bool:
    """Whether a day has ended since the prediction that somebody asked for."""
    yesterday = now.astimezone(ZoneInfo(state.product.timezone)).date() - timedelta(days=1)
    return state.as_of is not None and state.as_of < yesterday


def refresh_due(store: Store, now: datetime | None = None) -> int:
    """Predict anew wherever it was asked for once and a day has ended since; answers how many products. One that
    fails does not hold up the others: its figures stay, with their day."""
    done = 0
    for state in RiskState.objects.select_related("product").exclude(refreshed=None):
        if not due(state, now or datetime.now(UTC)):
            continue
        try:
            refresh(store, state.product)
            done += 1
        except UserOpsError as wrong:
            logger.warning("risk of product %s: %s", state.product.slug, wrong)
    return done


def band_words(name: str) -> Words:
    return LABELS[name]
