"""Segments by the errands of the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from userops.audience.segments import actions
from userops.audience.segments.test_actions import BUYERS, send
from userops.errors import NotFound, Refused
from userops.events import facts
from userops.events.identity import person_of
from userops.events.records import Event
from userops.maintenance.errands import ERRANDS
from userops.query.codes import RFM
from userops.words import Words


def test_segments_by_errand(store, product, make_user):
    send(store, product, ("ann-long-id", "buy"), ("bob-long-id", "view"), ("cat-long-id", "buy"))
    buyers = actions.create_segment(
        store, product, BUYERS, name="买家", acting_user=make_user("admin")
    )
    given = {"product": product.slug}
    assert [each["name"] for each in ERRANDS["segments"](store, **given)] == ["买家"]
    shown = ERRANDS["segment"](store, segment="买家", **given)
    assert "buy" in shown["definition"]["en"]
    assert ERRANDS["segment-count"](store, document=BUYERS, **given)["size"] == 2
    made = ERRANDS["segment-create"](store, name="又", document=BUYERS, frozen=True, **given)
    assert (made["size"], made["frozen"]) == (2, True)
    assert ERRANDS["segment-refresh"](store, segment=str(buyers.pk), **given)["size"] == 2
    assert "ann-long-id" in ERRANDS["segment-export"](store, segment="买家", **given)


def test_segments_beside_each_other_by_errand(store, product, make_user):
    send(store, product, ("ann", "buy"), ("bob", "view"), ("cat", "buy"), ("cat", "view"))
    admin = make_user("admin")
    views = {"where": {**BUYERS["where"], "event": "view"}}
    for name, document in (("买家", BUYERS), ("浏览", views)):
        actions.create_segment(store, product, document, name=name, acting_user=admin)
    given = {"product": product.slug}
    found = ERRANDS["segment-overlap"](store, segments=["买家", "浏览"], **given)
    assert found["union"] == 3
    assert {tuple(part["in"]): part["users"] for part in found["parts"]} == {
        ("买家",): 1, ("浏览",): 1, ("买家", "浏览"): 1,
    }  # fmt: skip
    compared = ERRANDS["segment-compare"](store, segments=["买家", "浏览"], days=7, **given)
    assert compared["users"] == [2, 1] and compared["both"] == 1
    alone = ERRANDS["segment-compare"](store, segments=["买家"], **given)
    assert alone["names"][1]["en"] == "everyone else" and alone["users"] == [2, 1]
    with pytest.raises(NotFound):
        ERRANDS["segment-compare"](store, segments=["没有"], **given)


def test_a_comparison_speaks_words_to_people_and_codes_to_programs(store, product, make_user):
    few, many = (
        [(f"{side}{n}", event) for n in range(30)] for side, event in (("a", "buy"), ("b", "view"))
    )
    send(store, product, *few, *many)
    about = facts.About("$rfm", "computed", Words("RFM 分组", "RFM group"), values=RFM)
    uids = [person_of(product.pk, name) for name, _ in few]
    facts.write(store, product, about, uids, "$key_value")
    actions.create_segment(store, product, BUYERS, name="买家", acting_user=make_user("admin"))
    given = {"product": product.slug, "segments": ["买家"]}
    told = ERRANDS["segment-compare"](store, **given, worded=True)
    names = [row[told["columns"].index("Name")] for row in told["traits"]]
    assert {"RFM group = Key · core", "买家 = in it"} <= set(names)
    plain = ERRANDS["segment-compare"](store, **given)
    names = [row[plain["columns"].index("name")] for row in plain["traits"]]
    assert (
        any(name.startswith("$rfm = ") for name in names) and "RFM group = Key · core" not in names
    )


def test_a_past_day_by_errand(store, product, make_user):
    then = datetime.now(UTC) - timedelta(days=9)
    moments = (("ann", then), ("bob", then), ("bob", then + timedelta(days=7)))
    rows = [
        Event(event="buy", distinct_id=who, ts=int(at.timestamp() * 1000), uuid=uuid4())
        for who, at in moments
    ]
    store.ingest.submit(product.pk, "native", rows)
    once = {"where": {**BUYERS["where"], "op": "eq", "value": 1}}
    actions.create_segment(store, product, once, name="一次", acting_user=make_user("admin"))
    given, day = {"product": product.slug}, str((then + timedelta(days=3)).date())
    shown = ERRANDS["segment"](store, segment="一次", day=day, **given)
    assert (shown["size"], shown["then"]["size"], shown["then"]["everyone"]) == (1, 2, 2)
    assert day in shown["then"]["past"]["zh"]
    assert ERRANDS["segment-count"](store, document=once, day=day, **given)["size"] == 2
    assert "bob" in ERRANDS["segment-export"](store, segment="一次", day=day, **given)
    assert "bob" not in ERRANDS["segment-export"](store, segment="一次", **given)
    with pytest.raises(Refused) as wrong:
        ERRANDS["segment"](store, segment="一次", day="5 days ago", **given)
    assert wrong.value.code == "day_invalid"
