from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from userops.audience import actions, people
from userops.audience.person import calendar
from userops.errors import NotAllowed, NotFound, Refused
from userops.events.identity import person_of
from userops.events.models import Merge
from userops.events.records import Event, Identify, ProfileChange, Refusal
from userops.workspace.models import LogEntry

NOON = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp() * 1000)


def event(who, minute=0, **properties):
    return Event(
        event="buy",
        distinct_id=who,
        ts=NOON + minute * 60_000,
        uuid=uuid4(),
        properties=properties,
    )


@pytest.fixture
def shop(store, product):
    """ann (with dev-1), bob and anonymous dev-2."""
    store.ingest.submit(
        product.pk,
        "native",
        [
            event("dev-1"),
            Identify(distinct_id="ann", anonymous_id="dev-1"),
            event("ann", 5, page="/pay", amount=12.5, tags=["x"]),
            event("bob", 9),
            event("dev-2", 1),
            ProfileChange(
                distinct_id="ann",
                operation="set",
                properties={"name": "安", "city": "上海", "vip": True, "it's `odd": "x"},
            ),
        ],
        [Refusal(code="event_missing", detail="", raw='{"distinct_id": "dev-1"}')],
    )
    return product


def test_everybody_by_last_seen(store, shop):
    found = people.listing(store, shop, limit=2, offset=0)
    assert [each.id for each in found.people] == ["bob", "ann"] and found.total == 3
    ann = found.people[1]
    assert (ann.name, ann.known, ann.ids, ann.events) == ("安", True, 2, 2)
    assert ann.last == datetime.fromtimestamp(NOON / 1000 + 300, UTC)
    rest = people.listing(store, shop, limit=2, offset=2)
    assert [each.id for each in rest.people] == ["dev-2"]


def test_search_by_id_and_property(store, shop):
    def ids(**asked):
        return [each.id for each in people.search(store, shop, **asked).people]

    assert ids(text="dev") == ["ann", "dev-2"]
    assert ids(text="dev-2") == ["dev-2"]
    assert ids(text="DEV-2") == [] or ids(text="DEV-2") == ["dev-2"]
    assert ids(key="city", value="上海") == ["ann"]
    assert ids(key="vip", value="true") == ["ann"]
    assert ids(key="it's `odd", value="x") == ["ann"]
    assert ids(key='no`such" key', value="x") == []
    assert ids(text="%") == []


def test_export_holds_everything_and_is_logged(store, shop, make_user):
    lead = make_user("lead", shop)
    record = actions.export_person(store, shop, person_of(shop.pk, "dev-1"), acting_user=lead)
    assert {each["id"] for each in record["ids"]} == {"ann", "dev-1"}
    assert record["merges"][0]["id"] == "dev-1" and record["profile"]["city"] == "上海"
    assert [each["event"] for each in record["events"]] == ["buy", "buy"]
    told = record["events"][0]["properties"]
    assert told == {"page": "/pay", "amount": 12.5, "tags": ["x"], "source": "native"}
    assert record["refused_rows"] == ['{"distinct_id": "dev-1"}']
    assert LogEntry.objects.get().target == "ann"


def test_erasing_needs_an_id_and_cleans_the_log(store, shop, make_user):
    lead, uid = make_user("lead", shop), person_of(shop.pk, "ann")
    actions.export_person(store, shop, uid, acting_user=lead)
    with pytest.raises(Refused) as wrong:
        actions.erase_person(store, shop, uid, confirm="bob", acting_user=lead)
    assert wrong.value.code == "confirmation_wrong"
    actions.erase_person(store, shop, uid, confirm=" dev-1 ", acting_user=lead)
    assert people.search(store, shop, text="ann").people == []
    assert not LogEntry.objects.filter(target="ann").exists()
    assert LogEntry.objects.filter(action="person.erased").get().details == {"events": 2}
    with pytest.raises(NotFound):
        people.identity_of(shop, uid)


def test_merging_by_hand_and_back(store, shop, make_user):
    lead, uid = make_user("lead", shop), person_of(shop.pk, "ann")
    who = actions.merge_people(store, shop, uid, other_id="bob", acting_user=lead)
    assert {row.distinct_id for row in who.ids} == {"ann", "bob", "dev-1"}
    assert people.search(store, shop, text="bob").people[0].events == 3
    with pytest.raises(Refused):
        actions.merge_people(store, shop, uid, other_id="bob", acting_user=lead)
    with pytest.raises(NotFound):
        actions.merge_people(store, shop, uid, other_id="nobody", acting_user=lead)
    link = Merge.objects.get(product=shop, how="manual")
    actions.undo_merge(store, shop, link.pk, acting_user=lead)
    assert people.search(store, shop, text="bob").people[0].events == 1
    with pytest.raises(NotFound):
        actions.undo_merge(store, shop, link.pk, acting_user=lead)


def test_lesser_roles_may_not(store, shop, make_user):
    user, uid = make_user("operator", shop), person_of(shop.pk, "ann")
    for act in (
        lambda: actions.export_person(store, shop, uid, acting_user=user),
        lambda: actions.erase_person(store, shop, uid, confirm="ann", acting_user=user),
        lambda: actions.merge_people(store, shop, uid, other_id="bob", acting_user=user),
        lambda: actions.undo_merge(store, shop, 1, acting_user=user),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_year_of_cells():
    found = calendar.cells(2026, {date(2026, 1, 2): 4, date(2026, 1, 3): 1}, date(2026, 1, 5))
    # 2026 began on a Thursday
    assert [cell.day for cell in found[:4]] == [None, None, None, date(2026, 1, 1)]
    assert [cell.share for cell in found[3:]] == [0, 1, 0.25, 0, 0]
    assert len(calendar.cells(2024, {}, date(2026, 1, 1))) == 366
