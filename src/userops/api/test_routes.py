"""Catalogue, users, imports, quarantine, saved things by the API."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from userops import config
from userops.events.identity import person_of
from userops.events.records import Event, Identify, ProfileChange, Refusal
from userops.insights.models import Card, Dashboard, SavedAnalysis

CSV = "user_id,event,time\nu1,view,2026-01-31 09:30:00\nu2,pay,2026-01-31 09:31:00\n,pay,x\n"
OPTIONS = {"user": "user_id", "event": "event", "time": "time", "event_map": "view=浏览"}


@pytest.fixture
def shop(store, product):
    events = [
        Event(event="buy", distinct_id=who, ts=n, uuid=uuid4())
        for n, who in enumerate(["ann", "dev", "bob"])
    ]
    link = Identify(distinct_id="ann", anonymous_id="dev")
    known = ProfileChange(distinct_id="ann", operation="set", properties={"city": "上海"})
    raw = json.dumps({"type": "track", "user_id": "ann", "event": "buy"})
    refused = Refusal(code="time_invalid", detail="", raw=raw)
    store.ingest.submit(product.pk, "native", [*events, link, known], [refused])
    return product


@pytest.fixture
def lead(make_client, shop):
    return make_client("lead", shop)


def send(client, method, path, body):
    return getattr(client, method)(path, json.dumps(body), content_type="application/json")


def test_the_catalogue(lead, shop):
    base = f"/api/products/{shop.slug}"
    (buy,) = lead.get(f"{base}/events?volumes=true").json()["items"]
    assert buy["name"] == "buy" and buy["events"] == 3 and not buy["reviewed"]
    named = send(lead, "patch", f"{base}/events/{buy['id']}", {"label_zh": "购买"}).json()
    assert named["label_zh"] == "购买" and named["reviewed"] and not named["hidden"]
    (city,) = lead.get(f"{base}/properties?of=user").json()["items"]
    hidden = send(lead, "patch", f"{base}/properties/{city['id']}", {"hidden": True}).json()
    assert hidden["hidden"] and hidden["name"] == "city"
    assert send(lead, "patch", f"{base}/events/999999", {"hidden": True}).status_code == 404
    long = send(lead, "patch", f"{base}/events/{buy['id']}", {"label_zh": "长" * 101})
    assert long.json()["error"]["code"] == "text_too_long"


def test_users_and_what_they_did(lead, shop):
    base = f"/api/products/{shop.slug}/users"
    everybody = lead.get(f"{base}?limit=1").json()
    assert everybody["total"] == 2 and everybody["items"][0]["id"] == "bob"
    (ann,) = lead.get(f"{base}?q=dev").json()["items"]
    assert lead.get(f"{base}?property=city&value=上海").json()["items"] == [ann]
    one = lead.get(f"{base}/{ann['uid']}").json()
    assert one["profile"] == {"city": "上海"} and one["events"] == 2
    first = lead.get(f"{base}/{ann['uid']}/events?limit=1").json()
    rest = lead.get(f"{base}/{ann['uid']}/events?before={first['next']}").json()
    assert len(first["items"]) == len(rest["items"]) == 1 and rest["next"] is None
    assert lead.get(f"{base}/{ann['uid']}/events?before=x").status_code == 422
    assert lead.get(f"{base}/4000000000").json()["error"]["code"] == "user_not_found"


def test_merge_undo_export_erase(lead, shop):
    base = f"/api/products/{shop.slug}"
    uid = person_of(shop.pk, "ann")
    merged = send(lead, "post", f"{base}/users/{uid}/merge", {"id": "bob"}).json()
    link = next(each["id"] for each in merged["merges"] if each["how"] == "manual")
    assert merged["events"] == 3
    assert lead.delete(f"{base}/merges/{link}").status_code == 204
    assert len(lead.get(f"{base}/users/{uid}/export").json()["events"]) == 2
    wrong = send(lead, "post", f"{base}/users/{uid}/erase", {"confirm": "x"})
    assert wrong.json()["error"]["code"] == "confirmation_wrong"
    done = send(lead, "post", f"{base}/users/{uid}/erase", {"confirm": "ann"}).json()
    assert done["proof"]["before"]["events"] == 2 and not any(done["proof"]["after"].values())
    assert lead.get(f"{base}/users/{uid}").status_code == 404


def test_a_file_is_imported(lead, shop, at_once):
    base = f"/api/products/{shop.slug}/imports"
    file = SimpleUploadedFile("events.csv", CSV.encode())
    started = lead.post(base, {**OPTIONS, "file": file})
    assert started.status_code == 202, started.json()
    run = lead.get(f"{base}/{started.json()['id']}").json()
    assert (run["state"], run["rows"], run["stored"], run["refused"]) == ("done", 3, 2, 1)
    assert lead.get(f"{base}/{run['id']}/report").json()["rows"] == 3
    assert lead.get(base).json()["total"] == 1
    assert lead.post(f"{base}/{run['id']}/cancel").status_code == 202
    assert lead.get(f"/api/products/{shop.slug}/users?q=u").json()["total"] == 2


def test_wrong_files_and_options_are_refused(lead, shop):
    base = f"/api/products/{shop.slug}/imports"
    for name, options, code in (
        ("run.exe", OPTIONS, "file_kind_unknown"),
        ("a.csv", {**OPTIONS, "encoding": "klingon"}, "encoding_unknown"),
        ("a.csv", {**OPTIONS, "event_map": "nonsense"}, "event_map_invalid"),
    ):
        file = SimpleUploadedFile(name, CSV.encode())
        answer = lead.post(base, {**options, "file": file})
        assert answer.json()["error"]["code"] == code
    assert lead.post(base, OPTIONS).json()["error"]["code"] == "request_invalid"


def test_only_this_machine_names_a_path(lead, client, shop, at_once, tmp_path, make_user):
    path = tmp_path / "events.csv"
    path.write_text(CSV)
    body, address = {**OPTIONS, "path": str(path)}, f"/api/products/{shop.slug}/imports/from-path"
    assert send(lead, "post", address, body).json()["error"]["code"] == "local_only"
    make_user("admin")
    local = config.current().data / "server.json"
    local.write_text(json.dumps({"token": "sesame"}))
    try:
        client.defaults["HTTP_AUTHORIZATION"] = "Bearer sesame"
        assert send(client, "post", address, body).json()["state"] == "done"
        missing = send(client, "post", address, {**body, "path": str(tmp_path / "no.csv")})
        assert missing.status_code == 400
    finally:
        local.unlink()


def test_refused_rows_are_listed_and_replayed(lead, shop):
    base = f"/api/products/{shop.slug}/quarantine"
    (row,) = lead.get(base).json()["items"]
    assert row["code"] == "time_invalid" and lead.get(f"{base}?code=x").json()["total"] == 0
    again = send(lead, "post", f"{base}/replay", {}).json()
    assert again["taken"] + sum(again["refused"].values()) == 1


def test_saved_analyses_and_dashboards(lead, shop, make_user):
    other = make_user("analyst", shop)
    document = {"kind": "trend", "product": shop.slug}
    fields = {"product": shop, "kind": "trend", "document": document, "owner": other}
    shared = SavedAnalysis.objects.create(name="shared", **fields)
    private = SavedAnalysis.objects.create(name="private", shared=False, **fields)
    board = Dashboard.objects.create(product=shop, name="Week")
    Card.objects.create(dashboard=board, analysis=shared)
    base = f"/api/products/{shop.slug}"
    (only,) = lead.get(f"{base}/analyses").json()["items"]
    assert only["name"] == "shared" and only["owner"] == other.email
    assert lead.get(f"{base}/analyses/{private.pk}").status_code == 404
    assert lead.get(f"{base}/dashboards").json()["total"] == 1
    told = lead.get(f"{base}/dashboards/{board.pk}").json()
    assert told["cards"][0]["analysis"]["document"] == document


def test_private_analyses_of_others_stay_private_on_a_shared_dashboard(
    store, product, make_client, make_user
):
    from userops.insights.models import Card, Dashboard, SavedAnalysis

    owner = make_user("analyst", product)
    board = Dashboard.objects.create(product=product, name="board")
    for name, shared in (("private", False), ("shared", True)):
        saved = SavedAnalysis.objects.create(
            product=product, owner=owner, name=name, kind="trend", document={}, shared=shared
        )
        Card.objects.create(dashboard=board, analysis=saved)
    answer = make_client("leadership", product).get(
        f"/api/products/{product.slug}/dashboards/{board.pk}"
    )
    assert [card["analysis"]["name"] for card in answer.json()["cards"]] == ["shared"]
