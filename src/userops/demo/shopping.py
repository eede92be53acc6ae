"""Looking and buying: home, searches, goods, cart, checkout, coupon, payment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from userops.demo.arriving import coupon_properties
from userops.demo.people import Bools, Floats, Ints, draw
from userops.demo.scene import Batch, Coded, Scene
from userops.demo.world import (
    CATEGORIES,
    CATEGORY_PRICE,
    COUPONS,
    GATEWAY_ERROR,
    KEYWORDS,
    NOUNS,
    PAY_ERROR_SHARE,
    PAY_ERRORS,
    PAY_METHOD_SHARE,
    PAY_METHODS,
    PERSONAS,
    PRODUCTS_PER_SHELF,
    RELEASE_ERROR,
    SHARE_TARGETS,
    SHELF_NAMES,
    TIER_FACTOR,
    UNMET_KEYWORDS,
    UNMET_RATE,
)

EXPERIMENT = "checkout_one_page"
INTEREST = 1.5
"""Goods looked at in an average visit."""


@dataclass(frozen=True)
class Shelf:
    """All goods: parallel arrays by product index."""

    names: tuple[str, ...]
    ids: tuple[str, ...]
    category: Ints
    price: Floats


def make_shelf() -> Shelf:
    """The same goods whatever the seed: price spreads evenly around the median of each shelf."""
    names, prices, categories = [], [], []
    for category in range(len(CATEGORIES)):
        for tier, factor in enumerate(TIER_FACTOR):
            for k in range(PRODUCTS_PER_SHELF):
                noun = NOUNS[category][k % len(NOUNS[category])]
                names.append(f"{SHELF_NAMES[tier]}{noun} {k // len(NOUNS[category]) + 1} 号")
                spread = np.exp(
                    0.7 * ((k * 7) % PRODUCTS_PER_SHELF / (PRODUCTS_PER_SHELF - 1) - 0.5)
                )
                prices.append(max(1, round(CATEGORY_PRICE[category] * factor * spread)) - 0.1)
                categories.append(category)
    ids = tuple(f"P{100000 + index}" for index in range(len(names)))
    return Shelf(tuple(names), ids, np.array(categories), np.array(prices))


SHELF = make_shelf()


def shopping(scene: Scene) -> tuple[list[Batch], Ints]:
    """All events of looking and buying, and the indices of the visits that ended in a payment."""
    homes = scene.happens(0.80)
    views, looking = _views(scene)
    baskets, total, items = _cart(scene, views)
    orders, paid = _orders(scene, total, items)
    home = Batch(
        "view_home",
        homes,
        scene.at(homes, 1.0),
        {"tab": scene.choice(("推荐", "关注", "附近"), homes.size, (0.7, 0.2, 0.1))},
    )
    return [home, _searches(scene), views, *looking, *baskets, *orders], paid


def _goods(product: Ints) -> dict[str, Coded | Ints | Floats]:
    return {
        "product_id": Coded(SHELF.ids, product),
        "product_name": Coded(SHELF.names, product),
        "category": Coded(CATEGORIES, SHELF.category[product]),
        "price": SHELF.price[product],
    }


def _product(views: Batch) -> Ints:
    product = views.properties["product_id"]
    assert isinstance(product, Coded)
    return product.codes


def _searches(scene: Scene) -> Batch:
    count = scene.rng.poisson(np.where(scene.bot, 0.4, scene.trait("search")))
    visit = np.repeat(np.arange(scene.visits.size), count)
    persona = np.maximum(scene.persona[visit], 0)
    found = np.array([word for words in KEYWORDS for word in words])
    missed = np.array([word for words in UNMET_KEYWORDS for word in words])
    category = draw(scene.rng, np.array([p.categories for p in PERSONAS]), persona)
    hit = category * 4 + scene.rng.integers(0, 4, visit.size)
    miss = persona * 2 + scene.rng.integers(0, 2, visit.size)
    unmet = scene.rng.random(visit.size) < np.array(UNMET_RATE)[persona]
    code = np.where(unmet, len(found) + miss, hit)
    results = np.where(unmet, 0, 1 + scene.rng.poisson(35.0, visit.size))
    return Batch(
        "search",
        visit,
        scene.rng.uniform(2.0, 3.6, visit.size),
        {"keyword": Coded([*found.tolist(), *missed.tolist()], code), "result_count": results},
    )


def _views(scene: Scene) -> tuple[Batch, list[Batch]]:
    """Product views, with the favourites and shares that follow from them."""
    rng, visits = scene.rng, scene.visits
    mean = INTEREST * scene.people.depth[visits.person]
    visit = np.repeat(np.arange(visits.size), rng.poisson(np.where(scene.bot, 10.0, mean)))
    persona = np.maximum(scene.persona[visit], 0)
    category = draw(rng, np.array([p.categories for p in PERSONAS]), persona)
    tier = draw(rng, np.array([p.tiers for p in PERSONAS]), persona)
    rank = (PRODUCTS_PER_SHELF * rng.random(visit.size) ** 2.2).astype(np.int64)
    product = (category * len(TIER_FACTOR) + tier) * PRODUCTS_PER_SHELF + rank
    where = scene.choice(
        ("首页推荐", "搜索结果", "活动页", "直播间", "购物车"),
        visit.size,
        (0.45, 0.33, 0.12, 0.06, 0.04),
    )
    views = Batch(
        "view_product", visit, rng.uniform(2.0, 4.0, visit.size), {**_goods(product), "from": where}
    )
    chance = rng.random(visit.size)
    liked = np.flatnonzero((chance < 0.05) & scene.settled[visit])
    told = np.flatnonzero((chance > 1 - 0.25 * scene.trait("share")[visit]) & ~scene.bot[visit])
    share_to = scene.choice(SHARE_TARGETS, told.size, (0.55, 0.2, 0.15, 0.1))
    return views, [
        Batch("favorite", visit[liked], views.key[liked] + 0.001, _goods(product[liked])),
        Batch(
            "share",
            visit[told],
            views.key[told] + 0.002,
            {"product_id": Coded(SHELF.ids, product[told]), "share_to": share_to},
        ),
    ]


def _cart(scene: Scene, views: Batch) -> tuple[list[Batch], Floats, Ints]:
    """Cart events, and the value (yuan) and number of items left in the cart of each visit."""
    rng = scene.rng
    added = rng.random(views.visit.size) < 0.62 * scene.trait("cart")[views.visit]
    rows = np.flatnonzero(added & ~scene.bot[views.visit])
    visit, product = views.visit[rows], _product(views)[rows]
    more = np.where(scene.persona[visit] == 0, 0.7, 0.12)
    quantity = 1 + rng.poisson(more)
    dropped = rng.random(rows.size) < 0.09
    kept = ~dropped
    total = np.bincount(visit[kept], (SHELF.price[product] * quantity)[kept], scene.visits.size)
    items = np.bincount(visit[kept], quantity[kept], scene.visits.size).astype(np.int64)
    return (
        [
            Batch(
                "add_to_cart",
                visit,
                views.key[rows] + 0.0005,
                {**_goods(product), "quantity": quantity},
            ),
            Batch(
                "remove_from_cart",
                visit[dropped],
                scene.at(visit[dropped], 4.2),
                {**_goods(product[dropped]), "quantity": quantity[dropped]},
            ),
        ],
        np.round(total, 2),
        items,
    )


@dataclass(frozen=True)
class _Orders:
    """One element per checkout."""

    visit: Ints
    number: Ints
    items: Ints
    coupon: Ints
    """Index of `COUPONS`; −1 for none."""
    discount: Floats
    due: Floats
    """Yuan after the discount."""
    method: Ints
    paid: Bools
    refused: Bools
    """A payment failed, whether or not a later one went through."""


def _orders(scene: Scene, total: Floats, items: Ints) -> tuple[list[Batch], Ints]:
    orders = _checkouts(scene, total, items)
    visit = orders.visit
    due = orders.due + orders.discount
    about = {"order_id": orders.number, "item_count": orders.items}
    begun = Batch("checkout_start", visit, scene.at(visit, 5.0), {**about}, np.round(due, 2))
    used = np.flatnonzero(orders.coupon >= 0)
    coupon = {"order_id": orders.number[used], **coupon_properties(orders.coupon[used])}
    coupons = Batch("coupon_use", visit[used], scene.at(used, 5.2), coupon)
    batches = [begun, _exposures(scene, visit), coupons, *_payments(scene, orders)]
    return batches, visit[orders.paid]


def _checkouts(scene: Scene, total: Floats, items: Ints) -> _Orders:
    rng = scene.rng
    visit = scene.happens(scene.trait("checkout"), (total > 0) & scene.visits.known)
    coupon, discount = _coupon(scene, visit, total[visit])
    paid = rng.random(visit.size) < pay_chance(scene, visit)
    # who does not pay has either tried and failed, or left without trying
    tried = rng.random(visit.size) < np.where(_in_incident(scene, visit), 0.97, 0.5)
    again = rng.random(visit.size) < 0.03
    return _Orders(
        visit=visit,
        number=600_000_000 + np.arange(visit.size) * 7 + int(rng.integers(0, 7)),
        items=items[visit],
        coupon=coupon,
        discount=discount,
        due=np.round(total[visit] - discount, 2),
        method=scene.choice(PAY_METHODS, visit.size, PAY_METHOD_SHARE).codes,
        paid=paid,
        refused=np.where(paid, again, tried),
    )


def _exposures(scene: Scene, visit: Ints) -> Batch:
    visits = scene.visits
    tested = visit[visits.day[visit] >= scene.plan.experiment_day]
    arm = Coded(("A", "B"), scene.people.variant[visits.person[tested]])
    name = Coded((EXPERIMENT,), np.zeros(tested.size, dtype=np.int64))
    about = {"experiment": name, "variant": arm}
    return Batch("experiment_exposed", tested, scene.at(tested, 5.1), {**about})


def _payments(scene: Scene, orders: _Orders) -> tuple[Batch, Batch]:
    """The refused and the successful payments."""
    bad, done = np.flatnonzero(orders.refused), np.flatnonzero(orders.paid)
    fail: dict[str, Coded | Ints | Floats] = {
        "order_id": orders.number[bad],
        "error_code": _error(scene, orders.visit[bad]),
        "pay_method": Coded(PAY_METHODS, orders.method[bad]),
    }
    success: dict[str, Coded | Ints | Floats] = {
        "order_id": orders.number[done],
        "item_count": orders.items[done],
        "discount": orders.discount[done],
        "pay_method": Coded(PAY_METHODS, orders.method[done]),
    }
    return (
        Batch("pay_fail", orders.visit[bad], scene.at(bad, 5.5), fail, orders.due[bad]),
        Batch("pay_success", orders.visit[done], scene.at(done, 6.0), success, orders.due[done]),
    )


def pay_chance(scene: Scene, visit: Ints) -> Floats:
    """Planned chance that a checkout in each of these visits is paid."""
    effects, plan, visits = scene.plan.effects, scene.plan, scene.visits
    day = visits.day[visit]
    chance = scene.trait("pay")[visit] * np.where(plan.in_holiday[day], effects.holiday_pay, 1.0)
    chance *= np.where(scene.bad_release[visit], effects.bad_release_pay, 1.0)
    treated = (day >= plan.experiment_day) & (scene.people.variant[visits.person[visit]] == 1)
    chance *= np.where(treated, effects.experiment_pay, 1.0)
    return np.minimum(np.where(_in_incident(scene, visit), effects.incident_pay, chance), 0.98)


def _in_incident(scene: Scene, visit: Ints) -> Bools:
    start, end = scene.plan.incident_ms
    begun = scene.visits.start[visit]
    return np.asarray((begun >= start) & (begun < end))


def _coupon(scene: Scene, visit: Ints, total: Floats) -> tuple[Ints, Floats]:
    """The best coupon that the order allows (−1: none), and its discount in yuan."""
    least = np.array([threshold for _, _, threshold in COUPONS[1:]])
    best = np.searchsorted(least, total, side="right")
    wants = scene.rng.random(visit.size) < scene.trait("coupon")[visit]
    coupon = np.where(wants & (best > 0), best, -1)
    value = np.array([value for _, value, _ in COUPONS], dtype=float)
    return coupon, np.where(coupon >= 0, value[coupon], 0.0)


def _error(scene: Scene, visit: Ints) -> Coded:
    usual = scene.choice(PAY_ERRORS, visit.size, PAY_ERROR_SHARE).codes
    broken = scene.bad_release[visit] & (scene.rng.random(visit.size) < 0.7)
    code = np.where(_in_incident(scene, visit), 4, np.where(broken, 5, usual))
    return Coded((*PAY_ERRORS, GATEWAY_ERROR, RELEASE_ERROR), code)
