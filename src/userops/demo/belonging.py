"""What users do besides buying: check-in, live, coupons, reviews, refunds, feedback; crashes."""

from __future__ import annotations

import numpy as np

from userops.demo.arriving import coupon_properties
from userops.demo.feedback import FEEDBACK, FEEDBACK_SHARE, TEXTS, WORDINGS
from userops.demo.people import Bools, Ints
from userops.demo.scene import Batch, Coded, Scene
from userops.demo.world import (
    CRASH_ERROR,
    REFUND_REASONS,
    RELEASE_CRASH,
)

LAST_KEY = 9.0


def belonging(scene: Scene, paid: Ints, failed: Ints) -> list[Batch]:
    """`paid` and `failed` are the visits with a payment made and refused."""
    crashes = _crashes(scene)
    customer = _bought_before(scene, paid)
    checks = scene.happens(scene.trait("check_in"), scene.settled)
    lives = scene.happens(scene.trait("live"))
    grabs = scene.happens(0.16 * scene.trait("coupon"), scene.settled)
    reviews = scene.happens(0.07, customer)
    refunds = scene.happens(0.018, customer)
    rng = scene.rng
    stars = np.where(scene.bad_release[reviews], 0.35, 0.8)
    watched = 20 + rng.exponential(180, lives.size).astype(np.int64)
    live = {"live_id": 3000 + scene.visits.day[lives], "watch_seconds": watched}
    reason = scene.choice(REFUND_REASONS, refunds.size, (0.34, 0.22, 0.08, 0.16, 0.20))
    coins = rng.integers(1, 5, checks.size) * 5
    grabbed = coupon_properties(rng.integers(1, 4, grabs.size))
    return [
        Batch("check_in", checks, scene.at(checks, 1.2), {"coins": coins}),
        Batch("coupon_receive", grabs, scene.at(grabs, 1.4), grabbed),
        Batch("live_watch", lives, scene.at(lives, 1.6), {**live}),
        Batch(
            "review_submit", reviews, scene.at(reviews, 1.7), {"rating": 1 + rng.binomial(4, stars)}
        ),
        Batch("refund_request", refunds, scene.at(refunds, 1.8), {"reason": reason}),
        _recommendation(scene, paid),
        _feedback(scene, crashes.visit, failed),
        crashes,
    ]


def _bought_before(scene: Scene, paid: Ints) -> Bools:
    """Visits of settled people who paid in an earlier visit inside the window."""
    person = scene.visits.person
    bought = np.bincount(paid, minlength=person.size)
    before = np.cumsum(bought) - bought
    first = np.searchsorted(person, person, side="left")
    return np.asarray((before - before[first] > 0) & scene.settled)


def _crashes(scene: Scene) -> Batch:
    effects = scene.plan.effects
    app = scene.people.platform[scene.visits.person] < 2
    usual = np.where(app, effects.crash, effects.crash / 4)
    visit = scene.happens(np.where(scene.bad_release, effects.bad_release_crash, usual))
    error = scene.bad_release[visit] & (scene.rng.random(visit.size) < 0.9)
    where = scene.choice(("启动", "商品详情", "支付", "直播间"), visit.size, (0.2, 0.4, 0.25, 0.15))
    codes = np.where(error, 2, where.codes)
    return Batch(
        "crash",
        visit,
        scene.at(visit, LAST_KEY),
        {
            "error": Coded((CRASH_ERROR, RELEASE_CRASH), error.astype(np.int64)),
            "where": Coded(where.names, codes),
        },
    )


def _recommendation(scene: Scene, paid: Ints) -> Batch:
    """The 0–10 question after some of the payments."""
    visit = paid[scene.rng.random(paid.size) < 0.10]
    mean = scene.trait("score")[visit] - np.where(scene.bad_release[visit], 2.5, 0.0)
    score = np.clip(np.rint(scene.rng.normal(mean, 1.7)), 0, 10).astype(np.int64)
    return Batch(
        "nps_submit",
        visit,
        scene.at(visit, 6.5),
        {"score": score, "survey_id": Coded(("NPS",), visit * 0)},
    )


def _feedback(scene: Scene, crashed: Ints, failed: Ints) -> Batch:
    """Feedback in passing, and much more after a crash or a refused payment."""
    rng = scene.rng
    casual = scene.happens(0.003, scene.visits.known)
    angry = crashed[(rng.random(crashed.size) < 0.12) & scene.visits.known[crashed]]
    refused = failed[rng.random(failed.size) < 0.07]
    topic = np.concatenate(
        [
            rng.choice(len(FEEDBACK), casual.size, p=FEEDBACK_SHARE),
            np.zeros(angry.size, dtype=np.int64),
            np.ones(refused.size, dtype=np.int64),
        ]
    ).astype(np.int64)
    visit = np.concatenate([casual, angry, refused])
    rating = np.clip(
        np.array([usual for _, _, usual, _ in FEEDBACK])[topic] + rng.integers(-1, 2, visit.size),
        1,
        5,
    )
    return Batch(
        "feedback_submit",
        visit,
        scene.at(visit, LAST_KEY + 0.5),
        {
            "topic": Coded([name for name, _, _, _ in FEEDBACK], topic),
            "rating": rating,
            "text": Coded(TEXTS, topic * WORDINGS + rng.integers(0, WORDINGS, visit.size)),
        },
    )
