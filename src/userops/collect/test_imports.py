from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from userops.collect import tasks
from userops.events.models import ImportRun
from userops.events.tasks import queue
from userops.workspace.models import Membership, User
from userops.workspace.roles import Role

CSV = """user_id,event,time,channel
u1,view,2026-01-31 09:30:00,wechat
u2,pay,2026-01-31 09:31:00,ads
,pay,2026-01-31,x
"""


@pytest.fixture
def lead(client, product, store):
    user = User.objects.create_user("lead@example.com", "x")
    Membership.objects.create(user=user, product=product, role=Role.LEAD)
    client.force_login(user)
    return client


def upload(client, product, text=CSV, name="events.csv"):
    sent = SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)
    return client.post(reverse("collect:import-upload", args=[product.slug]), {"file": sent})


FORM = {
    "kind": "event",
    "user": "user_id",
    "time": "time",
    "event": "event",
    "event_from": "column",
    "event_map": "view=浏览",
    "role-3": "field",
    "field-3": "channel",
}


def test_a_file_is_uploaded_mapped_previewed_and_imported(lead, product, at_once, store):
    response = upload(lead, product)
    page = lead.get(response["Location"])
    assert "<strong>view</strong>" in page.content.decode()
    changed = lead.post(response["Location"], FORM, headers={"HX-Request": "true"})
    assert changed.status_code == 200
    started = lead.post(response["Location"] + "/start", FORM)
    run = ImportRun.objects.get(product=product)
    assert started["Location"].endswith(f"/imports/{run.pk}")
    assert (run.state, run.rows, run.stored, run.refused) == ("done", 3, 2, 1)
    shown = lead.get(started["Location"]).content.decode()
    assert "user_missing" in shown
    rows = store.engine.rows(
        "select event, channel from events where product = {product:UInt32} order by event",
        {"product": product.pk},
    )
    assert [tuple(row) for row in rows] == [("pay", "ads"), ("浏览", "wechat")]


def test_importing_again_doubles_nothing_and_removing_takes_it_back(lead, product, at_once, store):
    for _ in range(2):
        place = upload(lead, product)["Location"]
        lead.post(place + "/start", FORM)
    first, second = ImportRun.objects.filter(product=product).order_by("pk")
    assert (first.stored, second.stored, second.duplicates) == (2, 0, 2)
    lead.post(reverse("collect:import-remove", args=[product.slug, first.pk]))
    sql = "select count() from events where product = {product:UInt32}"
    assert store.engine.value(sql, {"product": product.pk}) == 0


def test_checking_the_whole_file_stores_nothing(lead, product, at_once, store):
    place = upload(lead, product)["Location"]
    answer = lead.post(place + "/check", FORM).content.decode()
    assert "3" in answer
    assert not ImportRun.objects.filter(product=product).exists()
    sql = "select count() from events where product = {product:UInt32}"
    assert store.engine.value(sql, {"product": product.pk}) == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.exe", b"MZ"), ("empty.csv", b""), ("damaged.csv.gz", b"\x1f\x8b\x00nope")],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(lead, product, name, content):
    response = upload(lead, product, content, name)
    assert response["Location"] == reverse("collect:imports", args=[product.slug])
    assert "notice" in lead.get(response["Location"]).content.decode()


def test_a_path_in_the_name_leads_nowhere(lead, product):
    response = upload(lead, product, name="../../../evil.csv")
    assert lead.get(response["Location"]).status_code == 200


def test_an_unknown_upload_is_not_found(lead, product):
    for key in ("0" * 32, "..", "x"):
        place = reverse("collect:import-new", args=[product.slug, key])
        assert lead.get(place).status_code == 404


def test_cancelling_and_resuming(lead, product, store, monkeypatch):
    place = upload(lead, product)["Location"]
    monkeypatch.setattr(tasks, "carry_out", lambda run: None)
    lead.post(place + "/start", FORM)
    run = ImportRun.objects.get(product=product)
    lead.post(reverse("collect:import-cancel", args=[product.slug, run.pk]))
    monkeypatch.undo()
    queue.immediate = True
    try:
        tasks.carry_out(run.pk)
        run.refresh_from_db()
        assert run.state == "cancelled"
        lead.post(reverse("collect:import-resume", args=[product.slug, run.pk]))
    finally:
        queue.immediate = False
    run.refresh_from_db()
    assert (run.state, run.stored) == ("done", 2)


def test_an_uploaded_file_is_deleted_once_imported_or_forgotten(lead, product, at_once):
    from userops.collect.imports import draft as drafts
    from userops.config import current

    place = upload(lead, product)["Location"]
    lead.post(place + "/start", FORM)
    upload(lead, product)
    folder = current().data / "uploads" / str(product.pk)
    assert len(list(folder.iterdir())) == 1
    drafts.discard_old(days=1)
    assert len(list(folder.iterdir())) == 1
    drafts.discard_old(days=-1)
    assert list(folder.iterdir()) == []


def test_a_page_that_watches_is_renewed_when_the_import_ends(lead, product, at_once):
    place = upload(lead, product)["Location"]
    watched = lead.post(place + "/start", FORM)["Location"]
    answer = lead.get(watched, headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"
    assert "user_missing" in lead.get(watched).content.decode()
