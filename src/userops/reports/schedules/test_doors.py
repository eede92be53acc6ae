from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from userops.reports.schedules.models import Run, Schedule
from userops.reports.schedules.running import carry_out_due

FORM = {
    "name": "月报", "kind": "small", "about": "month", "cadence": "first_working_day", "weekday": "0",
    "day": "1", "at": "08:30", "shift": "on", "formats": ["html"], "languages": ["zh"],
    "attach": "on", "addresses": "a@example.com；b@example.com",
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_from_making_to_the_log(
    store: Any, product: Any, small_kind: str, owner: Any, client: Any, post: Any, language: str
) -> None:
    owner.language = language
    owner.save()
    client.force_login(owner)
    at = f"/p/{product.slug}/report-schedules"
    assert client.get(at).status_code == 200
    assert client.get(f"{at}/new").status_code == 200
    wrong = client.post(f"{at}/new", FORM | {"addresses": "nobody"})
    assert wrong.status_code == 200 and "nobody" in wrong.content.decode()
    made = client.post(f"{at}/new", FORM)
    row = Schedule.objects.get()
    assert made.status_code == 302 and row.addresses == ["a@example.com", "b@example.com"]
    assert client.post(f"{at}/{row.pk}/edit", FORM | {"name": "月报二"}).status_code == 302
    row.refresh_from_db()
    assert row.name == "月报二"
    post.answers = ["554 no"]
    client.post(f"{at}/{row.pk}/change", {"do": "run"})
    carry_out_due(store, datetime.now(UTC) + timedelta(minutes=1))
    page = client.get(f"{at}/{row.pk}").content.decode()
    run = Run.objects.get()
    assert run.files[0]["sha256"] in page and "a@example.com" in page and "554" in page
    mail = run.dispatches.get(state="failed")
    client.post(f"{at}/{row.pk}/change", {"do": "again", "mail": mail.pk})
    carry_out_due(store, datetime.now(UTC) + timedelta(minutes=1))
    mail.refresh_from_db()
    assert mail.state == "sent"
    for do, active in (("pause", False), ("resume", True)):
        client.post(f"{at}/{row.pk}/change", {"do": do})
        row.refresh_from_db()
        assert row.active is active
    client.post(f"{at}/{row.pk}/change", {"do": "delete"})
    assert not Schedule.objects.exists()


def test_the_api(
    store: Any, product: Any, small_kind: str, owner: Any, client: Any, post: Any
) -> None:
    client.force_login(owner)
    at = f"/api/products/{product.slug}/report-schedules"

    def call(method: str, path: str = "", body: Any = None, status: int = 200) -> Any:
        given = (json.dumps(body), "application/json") if body is not None else ()
        found = getattr(client, method)(f"{at}{path}", *given)
        assert found.status_code == status, found.content
        return found.json() if found.content else None

    body = {"name": "n", "kind": small_kind, "addresses": ["a@example.com"], "formats": ["html"]}
    made = call("post", "", body)
    assert call("get")["items"][0]["id"] == made["id"]
    assert call("get", f"/{made['id']}")["next"]["mail"] == ["a@example.com"]
    assert call("put", f"/{made['id']}", body | {"name": "m"})["name"] == "m"
    assert call("patch", f"/{made['id']}", {"active": False})["active"] is False
    run = call("post", f"/{made['id']}/run")
    carry_out_due(store, datetime.now(UTC) + timedelta(minutes=1))
    found = call("get", f"/{made['id']}/runs")["items"][0]
    assert found["id"] == run["id"] and found["sent"][0]["state"] == "sent"
    assert call("post", f"/{made['id']}/run", status=400)["error"]["code"] == "period_already_sent"
    call("delete", f"/{made['id']}", status=204)
