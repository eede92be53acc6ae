"""The start of a visit: first visit, push, opening, update, sign-up, log-in, invitations."""

from __future__ import annotations

import numpy as np

from userops.demo.people import Floats, Ints
from userops.demo.scene import Batch, Coded, Scene
from userops.demo.world import COUPONS, LOGIN_METHODS, PUSHES, REFERRAL, SHARE_TARGETS

WALL_KEY = 4.5
"""Where a late sign-up or log-in stands: after browsing, before checkout."""
CAMPAIGN = "拾光邀新季"


def arriving(scene: Scene) -> list[Batch]:
    """All events of coming in."""
    visits, people = scene.visits, scene.people
    human = np.flatnonzero(~scene.bot)
    first = np.flatnonzero((visits.number == 1) & people.is_new[visits.person])
    pushed = scene.happens(0.11, visits.number > 1)
    start = scene.choice(("点击图标", "后台唤起", "外部链接"), human.size, (0.72, 0.18, 0.10))
    return [
        Batch("first_visit", first, scene.at(first, 0.05)),
        Batch(
            "push_open",
            pushed,
            scene.at(pushed, 0.0),
            {"push_name": scene.choice(PUSHES, pushed.size)},
        ),
        Batch("app_open", human, scene.at(human, 0.1), {"start_type": start}),
        _updates(scene),
        *_doors(scene),
        *_invitations(scene),
    ]


def _updates(scene: Scene) -> Batch:
    visits = scene.visits
    same = np.flatnonzero(
        (visits.person[1:] == visits.person[:-1]) & (visits.release[1:] != visits.release[:-1])
    )
    after = same + 1
    versions = [release.version for release in scene.plan.releases]
    app = scene.people.platform[visits.person[after]] < 2
    before, after = same[app], after[app]
    return Batch(
        "app_update",
        after,
        scene.at(after, 0.2),
        {
            "from_version": Coded(versions, visits.release[before]),
            "to_version": Coded(versions, visits.release[after]),
        },
    )


def _doors(scene: Scene) -> list[Batch]:
    visits = scene.visits
    joins = np.flatnonzero(visits.signs_up)
    expired = scene.happens(0.05, scene.settled & ~visits.signs_up)
    moved = np.flatnonzero(visits.wall & ~visits.signs_up)
    returns = np.concatenate([expired, moved])
    welcome = scene.happens(0.85, visits.signs_up)
    shares = (0.5, 0.3, 0.15, 0.05)
    return [
        Batch(
            "sign_up",
            joins,
            np.where(visits.wall[joins], WALL_KEY, 0.3),
            {"method": scene.choice(LOGIN_METHODS, joins.size, shares)},
        ),
        Batch(
            "log_in",
            returns,
            np.where(visits.wall[returns], WALL_KEY, 0.3),
            {"method": scene.choice(LOGIN_METHODS, returns.size, shares)},
        ),
        _coupons(
            welcome,
            np.where(visits.wall[welcome], WALL_KEY + 0.1, 0.4),
            np.zeros(welcome.size, np.int64),
        ),
    ]


def _coupons(visit: Ints, key: Floats, coupon: Ints) -> Batch:
    return Batch("coupon_receive", visit, key, coupon_properties(coupon))


def coupon_properties(coupon: Ints) -> dict[str, Coded | Ints | Floats]:
    """Id, value and threshold of each of these coupons (indices of `COUPONS`)."""
    return {
        "coupon_id": Coded([name for name, _, _ in COUPONS], coupon),
        "discount": np.array([value for _, value, _ in COUPONS])[coupon],
        "threshold": np.array([least for _, _, least in COUPONS])[coupon],
    }


def _invitations(scene: Scene) -> list[Batch]:
    """Invitations sent, and those accepted by new users of 老带新, each from an earlier sender."""
    plan, visits, people = scene.plan, scene.visits, scene.people
    campaign = (visits.day >= plan.campaign[0]) & (visits.day <= plan.campaign[1])
    chance = 0.10 * scene.trait("share") * np.where(campaign, plan.effects.campaign_invites, 1.0)
    sent = scene.happens(chance, scene.settled)
    sent = sent[np.argsort(visits.start[sent], kind="stable")]
    joins = np.flatnonzero(visits.signs_up & (people.channel[visits.person] == REFERRAL))
    joins = joins[np.argsort(visits.start[joins], kind="stable")]
    # an hour earlier at least: the invitation's own visit is over by then
    before = np.searchsorted(visits.start[sent], visits.start[joins] - 3_600_000)
    joins, before = joins[before > 0], before[before > 0]
    back = np.minimum(scene.rng.exponential(60.0, joins.size).astype(np.int64), before - 1)
    inviter = visits.person[sent[before - 1 - back]] if joins.size else joins
    during = Coded(("日常邀请", CAMPAIGN), campaign[sent].astype(np.int64))
    return [
        Batch(
            "invite_sent",
            sent,
            scene.at(sent, 6.7),
            {
                "share_to": scene.choice(SHARE_TARGETS, sent.size, (0.6, 0.2, 0.08, 0.12)),
                "campaign": during,
            },
        ),
        Batch(
            "invite_accept",
            joins,
            np.where(visits.wall[joins], WALL_KEY + 0.2, 0.5),
            {
                "inviter_number": people.number[inviter],
                "campaign": Coded(("日常邀请", CAMPAIGN), campaign[joins].astype(np.int64)),
            },
        ),
    ]
