from __future__ import annotations

from typing import Any

from userops.maintenance import scheduling
from userops.reports.schedules.conftest import chief, post, small_kind

__all__ = ["chief", "post", "small_kind"]


def test_errands_of_the_command_line(
    store: Any, product: Any, small_kind: str, chief: Any, post: Any
) -> None:
    wanted = {
        "name": "n", "kind": small_kind, "cadence": "weekly", "about": "week", "weekday": 0, "day": 1,
        "shift": True, "formats": ["html"], "languages": ["zh"], "attach": True, "addresses": [],
    }  # fmt: skip
    made = scheduling.make(
        store, product=product.slug, at="09:00", members=[chief.email], channels=[], **wanted
    )
    told = scheduling.run(store, product=product.slug, schedule=made["id"], dry=True)
    assert told["mail"] == [chief.email] and not post.mails
    run = scheduling.run(store, product=product.slug, schedule=made["id"])
    assert run["state"] == "done" and run["sent"][0]["state"] == "sent" and len(post.mails) == 1
    assert scheduling.log(store, product=product.slug, schedule=made["id"])[0]["id"] == run["id"]
    paused = scheduling.change(store, product=product.slug, schedule=made["id"], do="pause")
    assert paused["active"] is False
    assert len(scheduling.listing(store, product=product.slug)) == 1
