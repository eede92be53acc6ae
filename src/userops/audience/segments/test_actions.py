"""Segments as they are kept: made, changed, frozen, refreshed, told to hooks, used, deleted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from userops.audience.segments import actions, counting, hooks, refreshing
from userops.audience.segments.models import HookDelivery, Segment
from userops.errors import DocumentError, NotAllowed, NotFound, Refused
from userops.events import facts, identity
from userops.events.erasure import erase
from userops.events.people import mirror
from userops.events.records import Event
from userops.insights.models import SavedAnalysis
from userops.notices.guard import PrivateAddress
from userops.workspace.models import LogEntry

NOW = int(datetime.now(UTC).timestamp() * 1000)
BUYERS = {"where": {"who": "did", "event": "buy"}}


def send(store, product, *pairs):
    events = [Event(event=event, distinct_id=who, ts=NOW, uuid=uuid4()) for who, event in pairs]
    store.ingest.submit(product.pk, "native", events)
    return identity.stored_uids(product.pk, list({who for who, _ in pairs}))


@pytest.fixture
def analyst(make_user, product):
    return make_user("analyst", product)


@pytest.fixture
def uids(store, product):
    return send(store, product, ("ann", "buy"), ("bob", "view"), ("cat", "buy"), ("dan", "view"))


@pytest.fixture
def buyers(store, product, analyst, uids):
    return actions.create_segment(store, product, BUYERS, name="买家", acting_user=analyst)


def members(store, segment):
    return set(facts.read(store, segment.product, segment.fact))


def test_a_segment_is_published_as_a_fact(store, product, buyers, uids):
    assert (buyers.size, buyers.everyone) == (2, 4)
    assert members(store, buyers) == {uids["ann"], uids["cat"]}
    assert facts.dated(product.pk)[0].about.words.zh == "买家"
    assert [(each.size, each.everyone) for each in buyers.sizes.all()] == [(2, 4)]
    assert buyers.definitions.count() == 1


def test_counting_keeps_nothing(store, product, analyst, uids):
    counted = counting.count(store, product, BUYERS, sample=1, acting_user=analyst)
    assert (counted.size, counted.everyone, counted.share) == (2, 4, 0.5)
    assert set(counted.sample) <= {uids["ann"], uids["cat"]}
    assert not Segment.objects.exists()


def test_it_follows_the_data_and_only_then(store, product, buyers):
    assert not refreshing.refresh(store, buyers)
    uids = send(store, product, ("bob", "buy"))
    assert refreshing.refresh(store, buyers)
    assert buyers.size == 3
    assert uids["bob"] in members(store, buyers)
    assert not refreshing.refresh(store, buyers)


def test_a_frozen_one_keeps_who_it_had(store, product, analyst, buyers):
    actions.change_segment(store, buyers, frozen=True, acting_user=analyst)
    before = members(store, buyers)
    send(store, product, ("bob", "buy"))
    refreshing.refresh(store, buyers, force=True)
    assert members(store, buyers) == before
    with pytest.raises(Refused) as refused:
        actions.change_segment(store, buyers, document={"where": {"and": []}}, acting_user=analyst)
    assert refused.value.code == "segment_frozen"
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    assert "keeps its users" in refreshing.members_at(store, buyers, yesterday).words.en
    actions.change_segment(store, buyers, frozen=False, acting_user=analyst)
    assert buyers.size == 3


def test_freezing_keeps_those_of_now_and_not_of_the_last_refresh(store, product, analyst, buyers):
    uids = send(store, product, ("bob", "buy"))
    actions.change_segment(store, buyers, frozen=True, acting_user=analyst)
    assert uids["bob"] in members(store, buyers) and buyers.size == 3
    actions.change_segment(store, buyers, frozen=False, acting_user=analyst)
    viewers = {"where": {"who": "did", "event": "view"}}
    actions.change_segment(store, buyers, document=viewers, frozen=True, acting_user=analyst)
    assert buyers.size == 2 and uids["bob"] in members(store, buyers)


def test_a_new_definition_counts_at_once_and_the_old_is_kept(store, analyst, buyers, uids):
    viewers = {"where": {"who": "did", "event": "view"}}
    actions.change_segment(store, buyers, document=viewers, name="看客", acting_user=analyst)
    assert members(store, buyers) == {uids["bob"], uids["dan"]}
    assert [each.document["where"]["event"] for each in buyers.definitions.all()] == ["view", "buy"]
    assert facts.words(buyers.product_id)[buyers.fact].zh == "看客"
    actions.change_segment(store, buyers, name="访客", acting_user=analyst)
    assert facts.words(buyers.product_id)[buyers.fact].zh == "访客"


def test_segments_of_segments(store, product, analyst, buyers):
    others = {"where": {"not": {"who": "segment", "segment": buyers.pk}}}
    rest = actions.create_segment(store, product, others, name="其余", acting_user=analyst)
    assert rest.size == 2
    circle = {"where": {"who": "segment", "segment": rest.pk}}
    with pytest.raises(Refused) as refused:
        actions.change_segment(store, buyers, document=circle, acting_user=analyst)
    assert refused.value.code == "segment_circle"
    with pytest.raises(NotFound):
        actions.create_segment(
            store,
            product,
            {"where": {"who": "segment", "segment": 10**6}},
            name="x",
            acting_user=analyst,
        )
    with pytest.raises(Refused) as refused:
        actions.delete_segment(store, buyers, acting_user=analyst)
    assert refused.value.code == "segment_used"
    actions.delete_segment(store, rest, acting_user=analyst)
    actions.delete_segment(store, buyers, acting_user=analyst)
    assert facts.versions(product.pk) == {}


def test_a_segment_of_a_saved_analysis_is_not_deleted(store, product, analyst, buyers):
    condition = {"property": buyers.fact, "op": "set", "of": "user"}
    document = {
        "kind": "trend",
        "product": product.slug,
        "series": [{"event": "buy", "filters": [condition]}],
    }
    saved = SavedAnalysis.objects.create(
        product=product, name="趋势", kind="trend", document=document, owner=analyst
    )
    with pytest.raises(Refused) as refused:
        actions.delete_segment(store, buyers, acting_user=analyst)
    assert "趋势" in refused.value.words.zh
    saved.delete()
    actions.delete_segment(store, buyers, acting_user=analyst)


def test_names_are_told_apart(store, product, analyst, buyers):
    for name in ("买家", "", "x" * 101):
        with pytest.raises(Refused):
            actions.create_segment(store, product, BUYERS, name=name, acting_user=analyst)
    with pytest.raises(DocumentError):
        actions.create_segment(
            store, product, {"where": {"who": "x"}}, name="y", acting_user=analyst
        )


def test_who_may(store, product, make_user, buyers):
    reader = make_user("leadership", product)
    counting.count(store, product, BUYERS, acting_user=reader)
    stranger = make_user()
    for act in (
        lambda user: actions.create_segment(store, product, BUYERS, name="z", acting_user=user),
        lambda user: actions.change_segment(store, buyers, name="z", acting_user=user),
        lambda user: actions.refresh_segment(store, buyers, acting_user=user),
        lambda user: actions.delete_segment(store, buyers, acting_user=user),
        lambda user: actions.set_hook(buyers, "https://example.com", acting_user=user),
        lambda user: actions.upload_list(store, product, ["ann"], name="n", acting_user=user),
    ):
        with pytest.raises(NotAllowed):
            act(reader)
        with pytest.raises(NotFound):
            act(stranger)


def test_a_past_day(store, product, analyst, buyers):
    today = datetime.now(ZoneInfo(product.timezone)).date()
    before = refreshing.members_at(store, buyers, today - timedelta(days=3))
    assert (len(before.persons), before.everyone) == (0, 0)
    after = refreshing.members_at(store, buyers, today)
    assert (len(after.persons), after.everyone) == (2, 4)
    assert refreshing.backfill(store, buyers) == 0  # nobody was there yet


def test_a_list(store, product, analyst, uids):
    made = actions.upload_list(
        store, product, ["cat", " ann ", "cat", "nobody", ""], name="八月", acting_user=analyst
    )
    assert (made.users, made.unknown) == (2, 1)
    where = {"where": {"who": "list", "list": made.key}}
    segment = actions.create_segment(store, product, where, name="名单", acting_user=analyst)
    assert members(store, segment) == {uids["ann"], uids["cat"]}
    erase(store, product, uids["cat"], "me")
    refreshing.refresh(store, segment)
    assert members(store, segment) == {uids["ann"]}
    for ids in ([], ["nobody"]):
        with pytest.raises(Refused):
            actions.upload_list(store, product, ids, name="n", acting_user=analyst)


class Receiver:
    """An address that takes requests, and answers as it is told."""

    def __init__(self):
        self.got, self.status = [], 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def receiver(monkeypatch):
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def private_hooks(monkeypatch):
    from dataclasses import replace

    from userops.config import current

    allowed = replace(current(), private_hooks=True)
    monkeypatch.setattr(hooks, "current", lambda: allowed)
    monkeypatch.setattr(actions, "current", lambda: allowed)


@pytest.mark.usefixtures("private_hooks")
def test_a_hook_is_told_who_enters_and_leaves_once(
    store, product, make_user, buyers, receiver, uids
):
    lead = make_user("lead", product)
    secret = actions.set_hook(buyers, receiver.url, acting_user=lead)
    refreshing.refresh(store, buyers, force=True)
    assert hooks.deliver_due() == 0  # nobody has moved
    send(store, product, ("bob", "buy"))
    refreshing.refresh(store, buyers)
    erase(store, product, uids["cat"], "me")
    refreshing.refresh(store, buyers)
    assert hooks.deliver_due() == 1
    assert hooks.deliver_due() == 0
    headers, body = receiver.got[0]
    told = json.loads(body)
    assert (told["entered"], told["left"]) == (["bob"], [])
    assert told["segment"] == {"id": buyers.pk, "name": "买家", "size": 3}
    assert headers["X-UserOps-Signature"] == hooks.signature(
        secret, headers["X-UserOps-Time"], body
    )
    assert headers["X-UserOps-Delivery"] == told["id"]


@pytest.mark.usefixtures("private_hooks", "uids")
def test_a_hook_names_who_leaves_by_what_he_did(store, product, make_user, analyst, receiver):
    where = {"and": [BUYERS["where"], {"not": {"who": "did", "event": "refund"}}]}
    kept = actions.create_segment(
        store, product, {"where": where}, name="未退", acting_user=analyst
    )
    actions.set_hook(kept, receiver.url, acting_user=make_user("lead", product))
    send(store, product, ("cat", "refund"), ("bob", "buy"))
    refreshing.refresh(store, kept)
    assert hooks.deliver_due() == 1
    told = json.loads(receiver.got[0][1])
    assert (told["entered"], told["left"]) == (["bob"], ["cat"])


@pytest.mark.usefixtures("private_hooks")
def test_a_merge_is_no_move(store, product, make_user, buyers, receiver, uids):
    actions.set_hook(buyers, receiver.url, acting_user=make_user("lead", product))
    with store.batches.begin() as number:
        mirror(
            store.engine,
            identity.merge_by_hand(product.pk, uids["cat"], uids["ann"]),
            set(),
            number,
        )
    refreshing.refresh(store, buyers)
    assert buyers.size == 1
    assert [(each.entered, each.left) for each in HookDelivery.objects.all()] == []


@pytest.mark.usefixtures("private_hooks")
def test_what_fails_is_tried_again_with_the_same_key(store, product, make_user, buyers, receiver):
    actions.set_hook(buyers, receiver.url, acting_user=make_user("lead", product))
    send(store, product, ("bob", "buy"))
    refreshing.refresh(store, buyers)
    receiver.status = 500
    now = datetime.now(UTC) + timedelta(seconds=1)
    assert hooks.deliver_due(now) == 1
    waiting = HookDelivery.objects.get()
    assert (waiting.state, waiting.tries) == ("waiting", 1)
    assert hooks.deliver_due(now) == 0
    receiver.status = 204
    assert hooks.deliver_due(now + timedelta(minutes=2)) == 1
    assert HookDelivery.objects.get().state == "sent"
    keys = {headers["X-UserOps-Delivery"] for headers, _ in receiver.got}
    assert len(keys) == 1


@pytest.mark.usefixtures("private_hooks")
def test_who_left_is_told_after_a_failed_who_entered(store, product, make_user, analyst, receiver):
    where = {"and": [BUYERS["where"], {"not": {"who": "did", "event": "refund"}}]}
    kept = actions.create_segment(
        store, product, {"where": where}, name="未退", acting_user=analyst
    )
    lead = make_user("lead", product)
    actions.set_hook(kept, receiver.url, acting_user=lead)
    receiver.status = 500
    send(store, product, ("bob", "buy"))
    refreshing.refresh(store, kept)
    now = datetime.now(UTC) + timedelta(seconds=1)
    assert hooks.deliver_due(now) == 1
    receiver.status = 200
    send(store, product, ("bob", "refund"))
    refreshing.refresh(store, kept)
    assert hooks.deliver_due(now + timedelta(seconds=1)) == 0  # “entered” is still to come
    assert hooks.deliver_due(now + timedelta(minutes=2)) == 2
    told = [json.loads(body) for _headers, body in receiver.got[1:]]
    assert [(each["entered"], each["left"]) for each in told] == [(["bob"], []), ([], ["bob"])]


@pytest.mark.usefixtures("private_hooks")
def test_a_corrected_address_gets_what_waited_at_once(store, product, make_user, buyers, receiver):
    lead = make_user("lead", product)
    actions.set_hook(buyers, receiver.url + "/wrong", acting_user=lead)
    receiver.status = 404
    send(store, product, ("bob", "buy"))
    refreshing.refresh(store, buyers)
    assert hooks.deliver_due() == 1
    receiver.status = 200
    actions.set_hook(buyers, receiver.url, acting_user=lead)
    assert hooks.deliver_due() == 1
    assert HookDelivery.objects.get().state == "sent"


def test_hooks_stay_out_of_the_house(product, make_user, buyers):
    lead = make_user("lead", product)
    with pytest.raises(PrivateAddress):
        actions.set_hook(buyers, "http://127.0.0.1:9/x", acting_user=lead)
    for address in ("ftp://example.com/x", "nothing", ""):
        with pytest.raises(Refused):
            actions.set_hook(buyers, address, acting_user=lead)
    assert "127.0.0.1" not in str(list(LogEntry.objects.values_list("details", flat=True)))


def test_what_is_wrong_is_kept_as_its_problem(store, product, analyst, buyers, monkeypatch):
    def fail(*_args):
        raise Refused(buyers_words, code="x")

    from userops.words import Words

    buyers_words = Words("坏了。", "Broken.")
    monkeypatch.setattr(refreshing, "members_of", fail)
    with pytest.raises(Refused):
        refreshing.refresh(store, buyers, force=True)
    refreshing.refresh_all(store)
    buyers.refresh_from_db()
    assert buyers.problem_words == buyers_words
    monkeypatch.undo()
    refreshing.refresh(store, buyers)
    assert buyers.problem is None
