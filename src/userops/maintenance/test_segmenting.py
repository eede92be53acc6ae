"""Segments by the errands of the command line."""

from __future__ import annotations

from userops.audience.segments import actions
from userops.audience.segments.test_actions import BUYERS, send
from userops.maintenance.errands import ERRANDS


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
