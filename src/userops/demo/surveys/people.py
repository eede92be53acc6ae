"""Members who may be asked: who they are, what was planted in them, and what happened to them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from userops.demo.load import TRUTH_FILE
from userops.demo.world import PERSONAS
from userops.events import profiles
from userops.events.identity import Forest, chunks, stored_uids
from userops.events.models import Product
from userops.events.store import Store

MOST = 3_000
PERSONA_AT = {persona.slug: at for at, persona in enumerate(PERSONAS)}


@dataclass(frozen=True, slots=True)
class Member:
    """`person`: first uid; `persona`: place in `PERSONAS`; `crashed`, `refunded`: when, by the events."""

    person: int
    persona: int
    joined: date
    level: str
    crashed: datetime | None = None
    refunded: datetime | None = None


def members_of(store: Store, product: Product, seed: int) -> list[Member]:
    """At most `MOST` of those with an account, drawn by seed."""
    truth = json.loads((store.config.data / TRUTH_FILE).read_text(encoding="utf-8"))
    named = {
        user: PERSONA_AT[slug]
        for slug, group in truth["personas"].items()
        for user in group["users"]
        if user not in truth["test_users"]
    }
    names = sorted(named)
    drawn = np.random.default_rng([seed, 20261128]).permutation(len(names)).tolist()
    uids = stored_uids(product.pk, [names[at] for at in drawn])
    crashed, refunded = (_happened(store, product, event) for event in ("crash", "refund_request"))
    found: dict[int, Member] = {}
    for part in chunks([(name, uid) for name, uid in uids.items()], 1_000):
        _add(product, part, named, (crashed, refunded), found)
        if len(found) >= MOST:
            break
    return list(found.values())[:MOST]


def _add(
    product: Product, part: list[tuple[str, int]], named: dict[str, int],
    happened: tuple[dict[int, datetime], dict[int, datetime]], found: dict[int, Member],
) -> None:  # fmt: skip
    forest = Forest(product.pk)
    forest.load([uid for _name, uid in part])
    group = {name: forest.members(forest.root(uid)) for name, uid in part}
    own = profiles.load(product.pk, [uid for uids in group.values() for uid in uids])
    for name, uid in part:
        uids, person = group[name], forest.root(uid)
        known: dict[str, Any] = profiles.joined(uids, own)
        if not known.get("register_date") or person in found:
            continue
        moments = [[each[uid] for uid in uids if uid in each] for each in happened]
        crashed, refunded = (min(each, default=None) for each in moments)
        joined = date.fromisoformat(str(known["register_date"]))
        level = str(known.get("member_level", ""))
        found[person] = Member(person, named[name], joined, level, crashed, refunded)


def _happened(store: Store, product: Product, event: str) -> dict[int, datetime]:
    """When it happened to each first."""
    sql = Path(__file__).with_name("happened.sql").read_text(encoding="utf-8")
    rows = store.engine.rows(sql, {"product": product.pk, "event": event})
    return {uid: datetime.fromtimestamp(at / 1000, UTC) for uid, at in rows}
