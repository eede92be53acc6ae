"""The planted personas of the demo company are recovered."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from userops.analyses.answering import answer, people
from userops.audience.personas.actions import create_set
from userops.audience.personas.refreshing import refresh
from userops.audience.personas.showing import moved
from userops.demo.load import DemoOrder, load_demo
from userops.demo.personas import DAYS, two_weeks_before
from userops.events.facts import About, write
from userops.events.models import UserId
from userops.events.store import Store
from userops.stats.agreement import adjusted_rand, crossed
from userops.words import Words

FLOOR, FLOOR_OVER_ALL = 0.8, 0.6
"""Of the adjusted Rand index over everyone in a group, all five planted groups among them, and over everybody with
those in none as a group of their own."""


@pytest.fixture
def company(store, engine, tmp_path, make_product):
    product = make_product(slug="demo", timezone="Asia/Shanghai")
    order = {"seed": 5, "events": 80_000, "end": "2026-11-21", "days": 60}
    (tmp_path / "demo.json").write_text(json.dumps(order))
    store = Store(dataclasses.replace(store.config, data=tmp_path), engine=engine)
    load_demo(store, None, None, lambda *_: None)
    truth = json.loads((tmp_path / "demo-truth.json").read_text())
    return product, store, truth


def test_the_planted_personas_are_recovered(company):
    product, store, truth = company
    document = {"kind": "personas", "product": "demo",
                "range": {"from": "2026-09-23", "to": "2026-11-21"}}  # fmt: skip
    result = answer(document, store).result
    assert result["number"] == 4 and result["agreement"] > 0.9
    uid = dict(UserId.objects.filter(product=product).values_list("distinct_id", "uid"))
    scope_persons = {
        group["group"]: people(document, store, {"group": group["group"]}, limit=10**6).persons
        for group in result["groups"][:-1]
    }
    planted = {
        uid[user]: place
        for place, group in enumerate(truth["personas"].values())
        for user in group["users"]
        if user in uid
    }
    pairs = [
        (place, planted[person])
        for place, persons in enumerate(scope_persons.values())
        for person in persons
        if person in planted
    ]
    assert len(pairs) > 0.97 * result["grouped"]
    found, known = np.array(pairs).T
    index = adjusted_rand(crossed(found, known, 4, 5))
    assert index is not None and index >= FLOOR
    # over everybody: who fits no group is one group, most of them those who came once
    light = people(document, store, {"group": "light"}, limit=10**6).persons
    pairs += [(4, planted[person]) for person in light if person in planted]
    found, known = np.array(pairs).T
    index = adjusted_rand(crossed(found, known, 5, 5))
    assert index is not None and index >= FLOOR_OVER_ALL
    assert np.bincount(known[found == 4], minlength=5).argmax() == 4
    features = {each["feature"]: each["property"] for each in result["features"]}
    assert (features["taste"], features["price"]) == ("category", "price")
    assert result["purchase"] == "pay_success"
    names = " ".join(group["name"]["zh"] for group in result["groups"])
    for word in ("深夜活跃", "母婴", "偏好低价", "午间活跃"):
        assert word in names


def test_people_move_between_the_two_runs_that_the_demo_opens_with(company, make_user):
    """Two weeks of data more: most keep their persona, some change it, new ones come; all four are found twice."""
    product, store, _truth = company
    admin, order = make_user("admin"), DemoOrder(seed=5, events=80_000, end="2026-11-21")
    document = {"range": {"last": DAYS}, "until": "2026-11-22T00:00:00+08:00"}
    found = create_set(product, name="x", document=document, acting_user=admin)
    assert refresh(store, found, until=two_weeks_before(product, order))
    assert refresh(store, found)
    now, before = found.runs.all()
    assert (str(before.last), str(now.last)) == ("2026-11-07", "2026-11-21")
    assert now.figures["number"] == before.figures["number"] == 4
    told = moved(now)
    assert told["stayed"] > told["changed"] > 0 and told["came"] > 0 and told["went"] == 0
    assert sum(told.values()) == now.figures["users"] > before.figures["users"]


def test_the_needs_of_each_persona_are_found(company):
    """Given who is who: the words that each persona looks for in vain set it apart, and no others do."""
    product, store, truth = company
    uid = dict(UserId.objects.filter(product=product).values_list("distinct_id", "uid"))
    person = {
        uid[user]: slug
        for slug, group in truth["personas"].items()
        for user in group["users"]
        if user in uid
    }
    about = About("$persona/planted", "persona", Words("画像", "Persona"))
    write(store, product, about, list(person), list(person.values()))
    for slug, words in list(truth["unmet_needs"].items())[:4]:
        group = [{"property": "$persona/planted", "of": "user", "value": slug}]
        document = {"kind": "needs", "product": "demo", "group": group, "min_support": 3,
                    "range": {"from": "2026-09-23", "to": "2026-11-21"}}  # fmt: skip
        needs = answer(document, store).result["needs"]
        telling = {each["name"] for each in needs if each["kind"] == "search" and each["telling"]}
        assert telling == set(words), slug
