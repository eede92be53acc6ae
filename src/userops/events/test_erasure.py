"""After erasing a person nothing of them is found, and everybody else is as before."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.errors import NotFound, Refused
from userops.events import identity, profiles
from userops.events.erasure import DELETIONS, erase
from userops.events.importers.quarantine import quarantine_path
from userops.events.mentions import rows_that_mention
from userops.events.models import Erasure, ImportRun, QuarantinedRow, UserId
from userops.events.records import Alias, Event, Identify, ProfileChange, Refusal


def numbered(event: str, who: str, ts: int) -> Event:
    """An event that tells its uuid."""
    uuid = uuid4()
    return Event(event=event, distinct_id=who, ts=ts, uuid=uuid, properties={"id": str(uuid)})


IDS = ["ann", "bob", "dev-1", "dev-2", "王", "7"]
name = st.sampled_from(IDS)
record = st.one_of(
    st.builds(lambda who: numbered("e", who, 1_000), name),
    st.builds(lambda who, other: Identify(distinct_id=who, anonymous_id=other), name, name),
    st.builds(lambda who, other: Alias(distinct_id=who, alias=other), name, name),
    st.builds(
        lambda who, value: ProfileChange(
            distinct_id=who, operation="set", properties={"k": value}, uuid=uuid4()
        ),
        name,
        st.integers(0, 3),
    ),
)


def persons(store, product):
    """Everybody as the store knows them: ids → (numbers of events, profile here, profile in the engine)."""
    found = {}
    dictionary = dict(
        store.engine.rows(
            "select uid, argMax(person, version) from people where product = {p:UInt32} group by uid",
            {"p": product.pk},
        )
    )
    for row in UserId.objects.filter(product=product):
        person = identity.person_of(product.pk, row.distinct_id)
        assert dictionary.get(row.uid, row.uid) == person
        uids = identity.uids_of(product.pk, person)
        ids = frozenset(each.distinct_id for each in identity.distinct_ids_of(product.pk, person))
        found[ids] = (
            sorted(_numbers(store, product, uids)),
            profiles.of_person(product.pk, uids),
            _mirrored(store, product, person),
        )
    return found


def _numbers(store, product, uids) -> list[str]:
    sql = "select toString(props.id) from events where product = {p:UInt32} and uid in {u:Array(UInt32)}"
    return [row[0] for row in store.engine.rows(sql, {"p": product.pk, "u": uids})]


def _mirrored(store, product, person):
    sql = (
        "select toJSONString(props) from profiles final"
        " where product = {p:UInt32} and person = {u:UInt32} and not gone"
    )
    return store.engine.rows(sql, {"p": product.pk, "u": person})


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(records=st.lists(record, min_size=1, max_size=20), chosen=st.integers(0, 5))
def test_nothing_of_them_is_left_and_others_are_unchanged(store, make_product, records, chosen):
    product = make_product()
    store.ingest.submit(product.pk, "native", records)
    before = persons(store, product)
    everybody = sorted(before, key=sorted)
    victim = everybody[chosen % len(everybody)]
    person = identity.person_of(product.pk, min(victim))
    uids = identity.uids_of(product.pk, person)

    done = erase(store, product, person, "lead@example.com")

    assert persons(store, product) == {who: what for who, what in before.items() if who != victim}
    for table, which in DELETIONS:
        sql = f"select count() from {table} where {which}"
        assert store.engine.value(sql, {"product": product.pk, "uids": uids}) == 0
    assert not any(done.proof["after"].values())
    assert done.proof["before"]["user_ids"] == len(victim)
    assert not any(who in str(done.proof) for who in victim if who != "7")

    again = min(victim)
    back = numbered("back", again, 2_000)
    store.ingest.submit(product.pk, "native", [back])
    fresh = identity.person_of(product.pk, again)
    assert fresh not in uids
    assert persons(store, product)[frozenset([again])] == ([back.properties["id"]], {}, [])


def test_other_products_keep_the_same_id(store, make_product):
    one, other = make_product(), make_product()
    for product in (one, other):
        event = Event(event="e", distinct_id="ann", ts=1, uuid=uuid4())
        store.ingest.submit(product.pk, "native", [event])
    before = persons(store, other)
    erase(store, one, identity.person_of(one.pk, "ann"), "x")
    assert persons(store, other) == before


@pytest.mark.parametrize(
    ("raw", "mentioned"),
    [
        ('{"distinct_id": "ann", "event": ""}', True),
        ('{"properties": {"deep": ["x", {"who": "ann"}]}}', True),
        ('{"distinct_id": "annabel"}', False),
        ('{"distinct_id": "\\u738b"}', True),
        ('{"user_id": 7, "event": ""}', True),
        ('{"count": 7, "user_id": 8}', False),
        ("2024-01-01,ann,buy", True),
        ('2024-01-01,"ann",buy', True),
        ("2024-01-01,annabel,buy", False),
        ("{not json ann}", False),
        ("[" * 100_000, False),
    ],
)
def test_what_mentions_somebody(product, raw, mentioned):
    row = QuarantinedRow.objects.create(product=product, door="native", code="x", raw=raw)
    assert rows_that_mention(product.pk, ["ann", "王", "7"]) == ([row.pk] if mentioned else [])


def test_refused_rows_that_hold_an_id_go_too(store, product):
    raws = ('{"distinct_id": "ann"}', '{"distinct_id": "bob"}')
    refusals = [Refusal(code="event_missing", detail="", raw=raw) for raw in raws]
    event = Event(event="e", distinct_id="ann", ts=1, uuid=uuid4())
    store.ingest.submit(product.pk, "native", [event], refusals)
    run = ImportRun.objects.create(product=product, file_name="f", file_path="f", state="done")
    path = quarantine_path(store.config.data, run.pk)
    path.parent.mkdir(exist_ok=True)
    path.write_text('row,code,detail,raw\n1,x,,\'=ann\n2,x,d,"ann,buy"\n3,x,d,"bob,buy"\n')
    done = erase(store, product, identity.person_of(product.pk, "ann"), "x")
    assert QuarantinedRow.objects.get().raw == raws[1]
    assert done.proof["before"]["refused_rows"] == 1
    assert done.proof["before"]["refused_rows_in_files"] == 1
    assert "ann,buy" not in path.read_text() and "bob,buy" in path.read_text()


def test_a_resent_event_does_not_bring_the_erased_back(store, product):
    event = Event(event="e", distinct_id="ann", ts=1, uuid=uuid4())
    store.ingest.submit(product.pk, "native", [event])
    erase(store, product, 0, "x")
    assert store.ingest.submit(product.pk, "native", [event]).duplicates == 1
    assert identity.person_of(product.pk, "ann") is None


def test_nobody_and_running_imports(store, product):
    with pytest.raises(NotFound):
        erase(store, product, 5, "x")
    store.ingest.submit(
        product.pk, "native", [Event(event="e", distinct_id="ann", ts=1, uuid=uuid4())]
    )
    ImportRun.objects.create(product=product, file_name="f", file_path="f", state="running")
    with pytest.raises(Refused) as wrong:
        erase(store, product, 0, "x")
    assert wrong.value.code == "import_running"
    assert not Erasure.objects.exists() and identity.person_of(product.pk, "ann") == 0


def test_quality_reports_forget_the_person():
    from userops.events.mentions import without_persons

    report = {
        "rows": 3,
        "top_users": [["anna", 2], ["bert", 1]],
        "fields": [{"name": "user_id", "top": [["anna", 2], ["bert", 1]]}],
        "reasons": [
            {
                "code": "time_invalid",
                "count": 2,
                "examples": [
                    {"row": 1, "detail": "x", "raw": '{"user_id": "anna"}'},
                    {"row": 2, "detail": "x", "raw": '{"user_id": "bert"}'},
                ],
            }
        ],
    }
    clean, removed = without_persons(report, ["anna"])
    assert removed == 3
    assert "anna" not in str(clean)
    assert "bert" in str(clean)
    assert clean["rows"] == 3
