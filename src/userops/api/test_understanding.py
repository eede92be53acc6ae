"""What tickets say and topics, by the API and by errands of the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from userops.client.local import LocalWorkspace
from userops.feedback.sorting.models import Category
from userops.feedback.tickets.actions import Incoming, open_ticket
from userops.feedback.topics.growing import grow, state_of
from userops.feedback.topics.models import Topic
from userops.feedback.understanding import batch
from userops.feedback.understanding.models import BatchRun, Lesson
from userops.feedback.understanding.reading import read_tickets
from userops.maintenance.errands import ERRANDS
from userops.text.planted import planted

pytestmark = pytest.mark.usefixtures("at_once")


@pytest.fixture
def api(client, product, make_user, django_capture_on_commit_callbacks):
    client.force_login(make_user("lead", product))

    def call(method, path, body=None):
        url = f"/api/products/{product.slug}/{path}"
        with django_capture_on_commit_callbacks(execute=True):
            if method == "get":
                return client.get(url, body or {})
            return getattr(client, method)(url, body or {}, content_type="application/json")

    return call


@pytest.fixture
def ask(store, product, django_capture_on_commit_callbacks):
    def errand(name, /, **given):
        with django_capture_on_commit_callbacks(execute=True):
            return ERRANDS[name](store, product=product.slug, **given)

    return errand


@pytest.fixture
def tickets(product):
    now = datetime.now(UTC)
    return [
        open_ticket(
            product, Incoming(text, at=now - timedelta(days=at % 20, hours=1)), acting_user=None
        )
        for at, text in enumerate(planted(20)[0])
    ]


@pytest.fixture
def grown(product, tickets):
    state = state_of(product)
    state.count = 3
    state.save(update_fields=["count"])
    grow(product)
    return list(Topic.objects.order_by("pk"))


def test_a_reading_is_told_corrected_and_learned_from(api, ask, product, tickets):
    assert api("get", "tickets/1/reading").json()["error"]["code"] == "ticket_not_read"
    assert api("post", "tickets/1/reading").json()["ticket"] == 1
    login = Category.objects.create(product=product, name="登录", path="登录", keywords=["验证码"])
    given = {"category": login.pk, "sentiment": "negative", "severity": "high"}
    found = api("patch", "tickets/1/reading", given).json()
    assert [each["target"] for each in found["decided"]] == ["category", "sentiment"]
    assert api("patch", "tickets/1/reading", {"sentiment": "negative"}).status_code == 200
    assert api("patch", "tickets/1/reading", {}).json()["error"]["code"] == "correction_empty"
    assert Lesson.objects.filter(ticket=tickets[0]).count() == 2
    again = ask("understanding-correct", ticket=2, category="登录", complaint=True)
    assert again["decided"][0]["label"] == str(login.pk)
    read_tickets(product, tickets[2:6], apply=False)
    suggested = next(each for each in tickets[2:6] if each.reading.category_id)
    assert suggested.reading.category == login
    assert api("post", f"tickets/{suggested.number}/reading/accept").status_code == 200
    told = api("get", "understanding").json()
    assert (told["lessons"], told["in_use"], told["tickets_read"]) == (3, "keywords", 6)
    assert told["agreed"][0]["agreed"] >= 1
    assert api("patch", "understanding", {"auto_apply": False}).json()["auto_apply"] is False
    assert api("post", "understanding/learn").status_code == 204
    assert ask("understanding")["problem"]["en"]


def test_a_period_is_read_again(api, ask, product, tickets):
    last = datetime.now(UTC).date()
    days = {"first": str(last - timedelta(days=4)), "last": str(last)}
    run = api("post", "understanding/runs", days).json()
    found = api("get", f"understanding/runs/{run['id']}").json()
    assert found["state"] == "done" and 9 <= found["done"] == found["total"] < 60
    wrong = api("post", "understanding/runs", {"first": str(last), "last": "2020-01-01"})
    assert wrong.json()["error"]["code"] == "period_empty"
    assert ask("understanding-read")["total"] == 60
    assert api("get", "understanding/runs").json()["total"] == 2
    assert ask("understanding-run", cancel=True)["state"] == "done"
    assert api("post", f"understanding/runs/{run['id']}/cancel").json()["state"] == "done"


def test_a_reading_tells_how_far_it_is(product, tickets, monkeypatch):
    monkeypatch.setattr(batch, "STEP", 25)
    run = BatchRun.objects.create(product=product, total=60)
    shown = []
    batch.go_on(run, shown.append)
    assert shown == [25 / 60, 50 / 60, 1.0] and BatchRun.objects.get().state == "done"


def test_python_tells_the_same(store, product, grown):
    here = LocalWorkspace.__new__(LocalWorkspace)  # of the folder that is open
    here.store = store
    assert here.understanding(product=product.slug)["tickets_read"] == 0
    listed = here.topics(product=product.slug)["items"]
    assert {each["id"] for each in listed} == {each.pk for each in grown}
    assert here.topic(grown[0].pk, product=product.slug, limit=2)["id"] == grown[0].pk
    read_tickets(product, [grown[0].product.tickets.get(number=1)], apply=False)
    corrected = here.correct(1, product=product.slug, sentiment="negative")
    assert corrected["decided"][0]["label"] == "negative"
    assert here.reading(1, product=product.slug)["ticket"] == 1


def test_topics_are_listed_and_one_is_told_whole(api, ask, product, grown):
    found = api("get", "topics").json()
    assert found["growing"]["state"] == "idle" and len(found["items"]) == 3
    first = found["items"][0]
    assert sum(first["trend"]) == first["tickets"] and first["is_new"] is False
    assert set(first["burst"]) == {"now", "expected", "days_before", "chance", "alarm"}
    whole = api("get", f"topics/{first['id']}", {"limit": 5}).json()
    assert whole["total"] == first["tickets"] and len(whole["members"]) == 5
    near = [each["near"] for each in whole["members"]]
    assert near == sorted(near, reverse=True) and whole["quotes"]
    assert ask("topic", topic=first["id"])["name"] == first["name"]
    assert api("get", "topics/999999").status_code == 404


def test_topics_are_named_merged_separated_and_dismissed(api, ask, product, grown):
    one, other, third = (each.pk for each in grown)
    sizes = {each["id"]: each["tickets"] for each in api("get", "topics").json()["items"]}
    assert api("patch", f"topics/{one}", {"name": "登录不上"}).json()["name"] == "登录不上"
    merged = api("post", f"topics/{other}/merge", {"into": one}).json()
    assert merged["total"] == sizes[one] + sizes[other]
    grow(product)
    found = {each["id"]: each["tickets"] for each in api("get", "topics").json()["items"]}
    assert found == {one: sizes[one] + sizes[other], third: sizes[third]}
    assert api("post", f"topics/{other}/merge", {"into": one}).status_code == 400
    assert api("post", f"topics/{other}/separate").json()["total"] in sizes.values()
    assert api("post", f"topics/{other}/separate").status_code == 400
    assert api("patch", f"topics/{third}", {"dismissed": True}).json()["dismissed"]
    grow(product)
    left = api("get", "topics").json()
    assert {each["id"] for each in left["items"]} == {one, other}
    assert [each["id"] for each in left["dismissed"]] == [third]
    assert ask("topic-change", topic=third, dismissed=False)["dismissed"] is None
    assert ask("topic-change", topic=other, into=one)["id"] == one
    assert ask("topic-change", topic=other, separate=True, name="x")["name"] == "x"
    made = api("post", f"topics/{one}/category", {"name": "登录"}).json()
    assert Category.objects.get(pk=made["category_id"]).path == "登录"


def test_topics_are_found_anew(api, ask, product, tickets):
    assert api("post", "topics/growing", {"days": 90, "count": 3}).json()["state"] == "waiting"
    assert api("get", "topics/growing").json()["state"] == "idle"
    assert len(api("get", "topics").json()["items"]) == 3
    assert api("post", "topics/growing", {"days": 3}).json()["error"]["code"]
    assert ask("topics-grow", days=30, count=2)["stability"] > 0
    assert len(ask("topics")["items"]) == 2
    assert ask("topics-growing", cancel=True)["state"] == "idle"
    assert api("get", "topics/growing").json()["tickets"] == 60
    assert api("delete", "topics/growing").json()["state"] == "idle"
