"""`simulate`: one seed in, one company out, byte for byte the same each time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from userops.demo import catalogue
from userops.demo.arriving import arriving
from userops.demo.belonging import belonging
from userops.demo.pain import leave_after_crashes
from userops.demo.people import Floats, make_people
from userops.demo.plan import Effects, make_plan
from userops.demo.scene import Scene, make_scene
from userops.demo.shopping import shopping
from userops.demo.stream import (
    EVENT_NAMES,
    Rows,
    make_rows,
    past_sign_ups,
    sender_ids,
    tables,
)
from userops.demo.truth import tell_truth
from userops.demo.visits import make_visits
from userops.demo.world import BRAND, CHANNELS, PLACES, PRODUCT, TIME_ZONE
from userops.words import Words

CHUNK_ROWS = 100_000
LEVELS = ((0.0, "普通会员"), (200.0, "银卡会员"), (800.0, "金卡会员"), (2500.0, "黑钻会员"))
"""Least value of all paid orders in yuan, and the level."""


@dataclass(frozen=True)
class Catalogue:
    """Names for people: what the workbench's catalogue is filled with."""

    events: Mapping[str, catalogue.EventEntry]
    properties: Mapping[str, catalogue.PropertyEntry]
    profile_properties: Mapping[str, catalogue.PropertyEntry]


@dataclass(frozen=True)
class Company:
    """A simulated company. Everything but the rows is made when it is asked for."""

    seed: int
    scene: Scene
    rows: Rows
    brand: Words = BRAND
    product: str = PRODUCT
    time_zone: str = TIME_ZONE
    catalogue: Catalogue = Catalogue(
        catalogue.EVENTS, catalogue.PROPERTIES, catalogue.PROFILE_PROPERTIES
    )

    @property
    def event_count(self) -> int:
        return int(self.rows.ts.size)

    def event_chunks(self, chunk_rows: int = CHUNK_ROWS) -> Iterator[pa.Table]:
        """All events in order of arrival, `chunk_rows` at a time: event, distinct_id, ts (UTC ms),
        uuid (16 bytes), standard fields, props (JSON text)."""
        return tables(self.scene, self.rows, chunk_rows)

    @cached_property
    def history(self) -> pa.Table:
        """The sign-ups of members from before the window, columns as in `event_chunks`: without
        them, old members would look new on their first day inside."""
        return past_sign_ups(self.scene, np.random.Generator(np.random.PCG64([self.seed, 1])))

    @cached_property
    def identities(self) -> pa.Table:
        """Device id, member id and time (UTC ms) of every sign-up or log-in after anonymous events,
        in order of time: columns anonymous_id, distinct_id, ts."""
        rows, scene = self.rows, self.scene
        doors = [EVENT_NAMES.index("sign_up"), EVENT_NAMES.index("log_in")]
        hit = np.flatnonzero(np.isin(rows.kind, doors) & scene.visits.wall[rows.visit])
        hit = hit[np.argsort(rows.ts[hit], kind="stable")]
        person = scene.visits.person[rows.visit[hit]]
        second = ~scene.visits.signs_up[rows.visit[hit]]
        ids = pa.array(sender_ids(scene.people))
        size = scene.people.size
        return pa.table(
            {
                "anonymous_id": ids.take(pa.array(person + size * np.where(second, 2, 1))),
                "distinct_id": ids.take(pa.array(person)),
                "ts": pa.array(rows.ts[hit]),
            }
        )

    @cached_property
    def profiles(self) -> dict[str, dict[str, Any]]:
        """Properties of every member (known id) who was seen inside the window."""
        people, visits = self.scene.people, self.scene.visits
        seen = np.unique(visits.person[visits.known & ~self.scene.bot])
        ids = sender_ids(people)
        paid = self._paid()
        first = self.scene.plan.first
        month = people.number % 12 + 1
        result: dict[str, dict[str, Any]] = {}
        for index in seen.tolist():
            province, city, _ = PLACES[people.place[index]]
            profile: dict[str, Any] = {
                "gender": "女" if people.female[index] else "男",
                "age_band": age_band(int(people.age[index])),
                "home_province": province,
                "home_city": city,
                "member_level": [name for least, name in LEVELS if paid[index] >= least][-1],
                "register_channel": CHANNELS[people.channel[index]].name,
                "register_date": (first + timedelta(int(people.join_day[index]))).isoformat(),
                "birthday_month": int(month[index]),
            }
            if people.is_test[index]:
                profile["is_test"] = True
            result[ids[index]] = profile
        return result

    @cached_property
    def truth(self) -> dict[str, Any]:
        """Everything that was planted, with planned and realised sizes; ready for JSON."""
        return tell_truth(self.seed, self.scene, self.rows)

    def _paid(self) -> Floats:
        paid = np.flatnonzero(self.rows.kind == EVENT_NAMES.index("pay_success"))
        person = self.scene.visits.person[self.rows.visit[paid]]
        return np.bincount(person, self.rows.amount[paid], self.scene.people.size).astype(
            np.float64
        )


def simulate(
    seed: int, end: date, days: int = 60, events: int = 1_000_000, effects: Effects | None = None
) -> Company:
    """A company whose `days` days end with `end` and hold about `events` events.

    The number of people, and with it every daily figure, grows with `events`. Raises `ValueError`
    for fewer than 21 days or 5,000 events: too few for what is planted to show.
    """
    if events < 5_000:
        raise ValueError(f"events: expected at least 5000, got {events}")
    rng = np.random.Generator(np.random.PCG64(seed))
    plan = make_plan(end, days, effects)
    people = make_people(rng, plan, events)
    scene = make_scene(rng, plan, people, make_visits(rng, plan, people))
    shop, paid = shopping(scene)
    failed = next(batch.visit for batch in shop if batch.event == "pay_fail")
    rows = make_rows(scene, [*arriving(scene), *shop, *belonging(scene, paid, failed)])
    scene, rows = leave_after_crashes(seed, scene, rows)
    return Company(seed=seed, scene=scene, rows=rows)


def age_band(age: int) -> str:
    """The band in which an operator would put this age."""
    for least, name in ((50, "50+"), (40, "40–49"), (30, "30–39"), (25, "25–29"), (18, "18–24")):
        if age >= least:
            return name
    return "<18"


__all__ = ["Company", "simulate"]
