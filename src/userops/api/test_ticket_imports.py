"""Files of tickets by API, and by the errands of the command line."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from userops.feedback.tickets.models import Ticket

CSV = "评论ID,评论内容,严重\nr1,闪退,高\nr2,好用,低\nr3,坏,飞\n"


@pytest.fixture
def lead(make_client, product):
    return make_client("lead", product)


@pytest.fixture
def base(product):
    return f"/api/products/{product.slug}/ticket-imports"


def file():
    return SimpleUploadedFile("reviews.csv", CSV.encode())


@pytest.fixture
def soon(django_capture_on_commit_callbacks, at_once):
    """Background work is done before one goes on."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_counted_taken_in_and_taken_back(lead, base, soon):
    given = {"columns": "severity=严重", "origin": "App Store"}
    looked = lead.post(base, {**given, "dry_run": "true", "file": file()})
    assert looked.status_code == 200, looked.content
    counted = looked.json()
    assert (counted["id"], counted["state"], counted["outcome"]["opened"]) == (None, "dry_run", 2)
    assert counted["mapping"]["columns"] == {
        "severity": "严重", "text": "评论内容", "external_id": "评论ID",
    }  # fmt: skip
    assert not Ticket.objects.exists()
    with soon():
        begun = lead.post(base, {**given, "file": file()})
    assert begun.status_code == 202
    one = f"{base}/{begun.json()['id']}"
    done = lead.get(one).json()
    assert (done["state"], done["outcome"]["opened"], done["outcome"]["refused"]) == ("done", 2, 1)
    assert done["outcome"]["codes"] == {"severity_unknown": 1}
    assert "飞" in b"".join(lead.get(f"{one}/refused").streaming_content).decode("utf-8-sig")
    assert lead.get(base).json()["total"] == 1 and Ticket.objects.count() == 2
    assert lead.post(f"{one}/cancel").json()["state"] == "done"
    with soon():
        assert lead.post(f"{one}/undo").json()["state"] == "undone"
    assert lead.get(one).json()["outcome"]["undone"] == 2
    again = lead.post(f"{one}/undo")
    assert again.status_code == 400 and again.json()["error"]["code"] == "import_not_undoable"
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"columns": "text=没有"}, "mapping_invalid"),
        ({"columns": "words=评论内容"}, "mapping_invalid"),
        ({"timezone": "Mars/Base"}, "timezone_unknown"),
        ({"time_format": "sometimes"}, "time_format_invalid"),
        ({"colums": "text=评论内容"}, "request_invalid"),
    ],
)
def test_slips_are_told_and_leave_nothing(lead, base, given, code):
    answer = lead.post(base, {**given, "file": file()})
    assert answer.json()["error"]["code"] == code
    assert lead.get(base).json()["total"] == 0


def test_by_the_command_line(product, store, tmp_path, make_user):
    from userops.maintenance.errands import ERRANDS

    make_user("admin")
    path = tmp_path / "reviews.csv"
    path.write_text(CSV, encoding="utf-8")
    given = {"product": product.slug, "file": str(path), "columns": "severity=严重"}
    counted = ERRANDS["ticket-import"](store, **given, dry_run=True)
    assert counted["id"] is None and counted["outcome"]["opened"] == 2
    done = ERRANDS["ticket-import"](store, **given)
    assert done["state"] == "done" and path.exists()
    (listed,) = ERRANDS["ticket-imports"](store, product=product.slug)
    assert listed == done
    undone = ERRANDS["ticket-import-undo"](store, product=product.slug, run=done["id"])
    assert undone == {"undone": 2, "kept": 0}
