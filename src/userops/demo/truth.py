"""The ground truth: every planted effect with its planned size and the size it happened to have.

Realised sizes are counted here in plain arrays, by other means than the workbench's queries, so
that tests may ask whether the workbench finds them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from userops.demo.pain import tell_pain
from userops.demo.people import Bools, People
from userops.demo.plan import DAY_MS
from userops.demo.scene import Scene
from userops.demo.shopping import EXPERIMENT
from userops.demo.stream import EVENT_NAMES, Rows, sender_ids
from userops.demo.world import (
    BRAND,
    CHANNELS,
    PERSONAS,
    PLATFORMS,
    PRODUCT,
    REFERRAL,
    TIME_ZONE,
    UNMET_KEYWORDS,
)

RETENTION_DAYS = (1, 7, 30)


def tell_truth(seed: int, scene: Scene, rows: Rows) -> dict[str, Any]:
    """One JSON-ready document; keys are stable."""
    plan = scene.plan
    return {
        "version": 1,
        "company": BRAND.as_dict(),
        "product": PRODUCT,
        "time_zone": TIME_ZONE,
        "seed": seed,
        "window": {"from": plan.first.isoformat(), "to": plan.last.isoformat(), "days": plan.days},
        "counts": _counts(scene, rows),
        "retention": _retention(scene, rows),
        "holidays": _holidays(scene, rows),
        "release": _release(scene, rows),
        "incident": _incident(scene, rows),
        "referral": _referral(scene, rows),
        "burst": _burst(scene),
        "experiment": _experiment(scene, rows),
        "unmet_needs": {
            p.slug: list(words) for p, words in zip(PERSONAS, UNMET_KEYWORDS, strict=True)
        },
        "bots": _named(scene.people, scene.people.is_bot),
        "test_users": _named(scene.people, scene.people.is_test),
        "personas": _personas(scene),
        "pain": tell_pain(scene, rows),
    }


def _kind(rows: Rows, name: str) -> Bools:
    return np.asarray(rows.kind == EVENT_NAMES.index(name))


def _visits_with(scene: Scene, rows: Rows, name: str) -> Bools:
    """Which visits hold an event of this name."""
    result = np.zeros(scene.visits.size, dtype=bool)
    result[rows.visit[_kind(rows, name)]] = True
    return result


def _share(hits: Bools, among: Bools) -> dict[str, float | int]:
    """k of n, and k / n (0 when n is 0)."""
    n, k = int(among.sum()), int((hits & among).sum())
    return {"k": k, "n": n, "rate": round(k / n, 5) if n else 0.0}


def _named(people: People, which: Bools) -> list[str]:
    """The id of their events: the member number of people, the device of bots."""
    ids = sender_ids(people)
    return [ids[i + people.size * int(people.is_bot[i])] for i in np.flatnonzero(which).tolist()]


def _counts(scene: Scene, rows: Rows) -> dict[str, Any]:
    people, visits = scene.people, scene.visits
    names, counts = np.unique(rows.kind, return_counts=True)
    seen = np.unique(visits.person)
    merged = np.unique(visits.person[visits.wall])
    return {
        "events": int(rows.ts.size),
        "sign_ups_before": int((people.join_day[seen] < 0).sum()),
        "by_event": {
            EVENT_NAMES[i]: n for i, n in zip(names.tolist(), counts.tolist(), strict=True)
        },
        "visits": visits.size,
        "people": int(seen.size),
        "members": int(np.unique(visits.person[visits.known & ~scene.bot]).size),
        "anonymous_only": int(seen.size - np.unique(visits.person[visits.known | scene.bot]).size),
        "new_users": int(people.is_new.sum()),
        "merged_people": int(merged.size),
        "merged_share": round(merged.size / seen.size, 4),
        "late_events": int(rows.late.sum()),
        "bots": int(people.is_bot.sum()),
        "bot_events": int(scene.bot[rows.visit].sum()),
    }


def days_open(scene: Scene, rows: Rows) -> Bools:
    """Whether each person (row) opened the app on each local day (column)."""
    opened = _kind(rows, "app_open")
    day = (rows.ts[opened] - scene.plan.start_ms) // DAY_MS
    result = np.zeros((scene.people.size, scene.plan.days), dtype=bool)
    result[scene.visits.person[rows.visit[opened]], day] = True
    return result


def _retention(scene: Scene, rows: Rows) -> dict[str, Any]:
    """Cohort: day of `first_visit`. Retained on day n: an `app_open` on exactly that later day."""
    people, days = scene.people, scene.plan.days
    came = days_open(scene, rows)
    new = people.is_new

    def realised(among: Bools, n: int) -> dict[str, float | int]:
        index = np.flatnonzero(among & new & (people.join_day + n < days))
        hit = np.zeros(people.size, dtype=bool)
        hit[index] = came[index, people.join_day[index] + n]
        mask = np.zeros(people.size, dtype=bool)
        mask[index] = True
        return _share(hit, mask)

    channels = {
        channel.name: {
            "planned": {"day_1": channel.day1, "day_7": channel.day7, "day_30": channel.day30},
            "realised": {f"day_{n}": realised(people.channel == index, n) for n in RETENTION_DAYS},
        }
        for index, channel in enumerate(CHANNELS)
    }
    everyone = np.ones(people.size, dtype=bool)
    return {
        "definition": "start first_visit, return app_open, calendar days in Asia/Shanghai",
        "by_channel": channels,
        "all": {f"day_{n}": realised(everyone, n) for n in RETENTION_DAYS},
    }


def _holidays(scene: Scene, rows: Rows) -> dict[str, Any]:
    """Holiday activity against the ordinary days within a week of a holiday."""
    plan = scene.plan
    active = days_open(scene, rows).sum(axis=0)
    near = np.convolve(plan.in_holiday, np.ones(15), mode="same") > 0
    outside = active[near & ~plan.in_holiday]
    return {
        "dates": [
            {
                "slug": h.slug,
                **h.words.as_dict(),
                "from": h.days[0].isoformat(),
                "to": h.days[-1].isoformat(),
                "public": h.public,
            }
            for h in plan.holidays
        ],
        "make_up_workdays": [day.isoformat() for day in plan.make_up_days],
        "planned": {"activity": plan.effects.holiday_activity, "pay": plan.effects.holiday_pay},
        "mean_daily_active": {
            "holiday": round(float(active[plan.in_holiday].mean()), 1),
            "ordinary_days_nearby": round(float(outside.mean()), 1) if outside.size else None,
        },
    }


def _release(scene: Scene, rows: Rows) -> dict[str, Any]:
    """Android 3.2.0 against Android without it and against iOS 3.2.0, on the same days."""
    plan, visits = scene.plan, scene.visits
    platform = scene.people.platform[visits.person]
    android, ios = platform == 1, platform == 0
    during = (visits.day >= plan.bad_release_day) & (visits.day < plan.fix_day)
    on_320 = np.array([r.version == "3.2.0" for r in plan.releases])[visits.release]
    groups = {
        "android_3_2_0": scene.bad_release & during,
        "android_other": android & ~scene.bad_release & during,
        "ios_3_2_0": ios & on_320 & during,
    }
    crashed, begun = _visits_with(scene, rows, "crash"), _visits_with(scene, rows, "checkout_start")
    paid = _visits_with(scene, rows, "pay_success")
    return {
        "platform": PLATFORMS[1],
        "version": "3.2.0",
        "released": plan.date_of(plan.bad_release_day).isoformat(),
        "fixed_in": "3.2.1",
        "fixed": plan.date_of(plan.fix_day).isoformat(),
        "planned": {
            "pay_factor": plan.effects.bad_release_pay,
            "crash_rate": plan.effects.bad_release_crash,
            "healthy_crash_rate": plan.effects.crash,
        },
        "realised_until_fix": {
            name: {
                "crash_per_visit": _share(crashed, group),
                "paid_per_checkout": _share(paid, begun & group),
            }
            for name, group in groups.items()
        },
    }


def _incident(scene: Scene, rows: Rows) -> dict[str, Any]:
    start, end = scene.plan.incident_ms
    begun, paid = (
        _visits_with(scene, rows, "checkout_start"),
        _visits_with(scene, rows, "pay_success"),
    )
    inside = (scene.visits.start >= start) & (scene.visits.start < end)
    return {
        "what": "payment gateway down: error_code PAY_GATEWAY_TIMEOUT",
        "from_ms": start,
        "to_ms": end,
        "planned": {"pay": scene.plan.effects.incident_pay},
        "realised": {
            "paid_per_checkout": _share(paid, begun & inside),
            "otherwise": _share(paid, begun & ~inside),
        },
    }


def _referral(scene: Scene, rows: Rows) -> dict[str, Any]:
    plan, people = scene.plan, scene.people
    first, last = plan.campaign
    joined = people.join_day[people.is_new & (people.channel == REFERRAL)]
    during = (joined >= first) & (joined <= last)
    length = last - first + 1
    return {
        "from": plan.date_of(first).isoformat(),
        "to": plan.date_of(last).isoformat(),
        "channel": CHANNELS[REFERRAL].name,
        "planned": {
            "invites": plan.effects.campaign_invites,
            "new_users": plan.effects.campaign_new_users,
        },
        "realised_new_users_per_day": {
            "during": round(float(during.sum()) / length, 2),
            "otherwise": round(float((~during).sum()) / (plan.days - length), 2),
        },
        "invitations_sent": int(_kind(rows, "invite_sent").sum()),
        "invitations_accepted": int(_kind(rows, "invite_accept").sum()),
    }


def _burst(scene: Scene) -> dict[str, Any]:
    plan, people = scene.plan, scene.people
    joined = people.join_day[people.is_new & (people.channel == 1)]
    per_day = np.bincount(joined, minlength=plan.days)
    return {
        "date": plan.date_of(plan.burst_day).isoformat(),
        "channel": CHANNELS[1].name,
        "planned": {"new_users": plan.effects.burst_new_users},
        "realised_new_users": {
            "on_the_day": int(per_day[plan.burst_day]),
            "mean_of_other_days": round(float(np.delete(per_day, plan.burst_day).mean()), 2),
        },
    }


def _experiment(scene: Scene, rows: Rows) -> dict[str, Any]:
    plan, visits = scene.plan, scene.visits
    begun, paid = (
        _visits_with(scene, rows, "checkout_start"),
        _visits_with(scene, rows, "pay_success"),
    )
    tested = begun & (visits.day >= plan.experiment_day)
    arm = scene.people.variant[visits.person]
    return {
        "name": EXPERIMENT,
        "from": plan.date_of(plan.experiment_day).isoformat(),
        "planned": {"pay_factor_b": plan.effects.experiment_pay},
        "realised_paid_per_checkout": {
            "A": _share(paid, tested & (arm == 0)),
            "B": _share(paid, tested & (arm == 1)),
        },
    }


def _personas(scene: Scene) -> dict[str, Any]:
    """The planted group of every person, by the id of the person's newest events."""
    people, visits = scene.people, scene.visits
    seen = np.zeros(people.size, dtype=bool)
    seen[visits.person] = True
    known = np.zeros(people.size, dtype=bool)
    known[visits.person[visits.known]] = True
    ids = sender_ids(people)
    groups: dict[str, Any] = {}
    for index, persona in enumerate(PERSONAS):
        members = np.flatnonzero(seen & (people.persona == index)).tolist()
        groups[persona.slug] = {
            "name": persona.words.as_dict(),
            "people": len(members),
            "users": [ids[i if known[i] else i + people.size] for i in members],
        }
    return groups
