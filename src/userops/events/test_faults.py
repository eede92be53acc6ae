"""What a hostile or unlucky stranger found: each of these once lost, doubled or jammed something."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection

from userops.errors import Refused, StoreBusy, StoreFailed
from userops.events import batches, identity, people, profiles, quarantine
from userops.events.batches import IMPORTS, import_batch
from userops.events.columns import event_columns, json_of
from userops.events.erasure import erase
from userops.events.importers import run as runs
from userops.events.importers.formats import detect_format
from userops.events.importers.mapping import Mapping
from userops.events.importers.stage import Stage
from userops.events.models import ImportRun, Merge, QuarantinedRow, UserId
from userops.events.records import Alias, Event, Identify, ProfileChange, Refusal, taken_id
from userops.words import Words

NOW = 1_780_000_000_000


def event(user: str = "u", uuid: UUID | None = None, **properties):
    return Event(
        event="open", distinct_id=user, ts=NOW, uuid=uuid or uuid4(), properties=properties
    )


def change(operation, properties, user="u"):
    return ProfileChange(distinct_id=user, operation=operation, properties=properties, uuid=uuid4())


def count(store, product, what="count()"):
    sql = f"select {what} from events where product = {{product:UInt32}}"
    return store.engine.value(sql, {"product": product.pk})


def set_up_import(product, folder, lines):
    path = folder / "rows.csv"
    path.write_text("user,when,id\n" + "\n".join(lines) + "\n", encoding="utf-8")
    mapping = Mapping(
        file=detect_format(path), user="user", time="when", event_name="open", uuid="id"
    )
    return runs.prepare(product, path, mapping)[0]


# properties that name one path twice


@pytest.mark.parametrize(
    "properties",
    [
        {"a.b": 1, "a": {"b": 2}},
        {"list": [{"a.b": 1, "a": {"b": 2}}]},
        {"list": [[{"a.b": {"c": 1}, "a": {"b.c": 2}}]]},
        {"plain": 1, "deep": {"list": [{"x": {"a.b": 1, "a": {"b": 2}}}]}},
    ],
)
def test_paths_that_stand_twice_jam_neither_events_nor_profiles(store, product, properties):
    taken = store.ingest.submit(
        product.pk, "native", [event(**properties), change("set", properties)]
    )
    assert taken.stored == 2
    assert store.ingest.submit(product.pk, "native", [change("set", {"x": 1})]).stored == 1


def test_plain_properties_are_written_as_they_are():
    assert json_of({"a": [{"b": 1}], "c": {"d": None}}) == b'{"a":[{"b":1}],"c":{"d":null}}'


# profiles that grow without end


def test_sums_beyond_every_column_do_not_jam_a_person(store, product):
    for value in (2**63, 2**63, 1e308, 1e308, -(2**62)):
        added = change("increment", {"whole" if isinstance(value, int) else "real": value})
        assert store.ingest.submit(product.pk, "native", [added]).stored == 1
    own = profiles.load(product.pk, [0])[0]
    assert own == {"real": 1e308, "whole": -(2**62)}


def test_appending_ends_somewhere(store, product):
    added = [change("append", {"seen": list(range(n, n + 400))}) for n in (0, 400, 800)]
    store.ingest.submit(product.pk, "native", added)
    assert len(profiles.load(product.pk, [0])[0]["seen"]) == profiles.MAX_LIST


# batches


def test_rows_of_a_batch_that_could_not_be_cleaned_up_never_count(store, product, monkeypatch):
    """The database fails after the engine has taken the rows, and then the engine fails too."""

    def fails(*_arguments, **_named):
        raise StoreFailed(Words("坏了", "broken"))

    with monkeypatch.context() as broken:
        broken.setattr("userops.events.ingest._Writing._quarantine", fails)
        broken.setattr(batches, "delete_batches", fails)
        with pytest.raises(StoreFailed):
            store.ingest.submit(product.pk, "native", [event("ghost")])
    assert count(store, product) == 1  # left behind
    store.ingest.submit(product.pk, "native", [event("real")])
    assert count(store, product) == 1
    assert count(store, product, "max(uid)") == UserId.objects.get(distinct_id="real").uid


def test_ids_that_an_interrupted_import_left_alone_are_removed(store, product):
    """A crash between the events of an import and their uuids, or the other way round."""
    uuid, run = uuid4(), ImportRun.objects.create(product=product)
    sql = (
        "insert into taken (product, id, batch)"
        " values ({product:UInt32}, {id:UInt64}, {batch:UInt64})"
    )
    values = {"product": product.pk, "id": taken_id(uuid), "batch": import_batch(run.pk)}
    store.engine.command(sql, values)
    batches.roll_back(store.engine)
    assert store.ingest.submit(product.pk, "native", [event(uuid=uuid)]).stored == 1


# an import beside live events


def test_an_event_of_an_unfinished_import_is_no_duplicate_yet(
    store, product, tmp_path, monkeypatch
):
    """The import may still be taken back: an answer "stored already" would lose the event."""
    uuid = uuid4()
    run = set_up_import(product, tmp_path, [f"u,2024-01-02 10:00:00,{uuid}"])
    seen: list[object] = []

    def fails_after_moving(self: Stage) -> int:
        with pytest.raises(StoreBusy) as caught:
            store.ingest.submit(product.pk, "native", [event(uuid=uuid)])
        seen.append(caught.value.retry)
        raise StoreFailed(caught.value.words)

    monkeypatch.setattr(Stage, "moved", fails_after_moving)
    with pytest.raises(StoreFailed):
        runs.execute(store, run)
    assert seen == [True]
    assert count(store, product) == 0
    assert store.ingest.submit(product.pk, "native", [event(uuid=uuid)]).stored == 1


@pytest.mark.parametrize("merged", [False, True])
def test_an_event_that_comes_in_live_while_it_is_moved_counts_once(
    store, product, tmp_path, monkeypatch, merged
):
    """`merged`: the engine merges the equal numbers at once, of which one is left then."""
    uuid, other = uuid4(), uuid4()
    # the same event of the same user at the same time: rows that only their numbers tell apart
    lines = [f"u,2024-01-02 10:00:00,{each}" for each in (uuid, other)]
    run = set_up_import(product, tmp_path, lines)
    takes, late_ones = Stage.take, []

    def late(self: Stage) -> None:
        # what a live batch does that has looked before the rows were moved, and writes after
        takes(self)
        if late_ones:
            return
        late_ones.append(uuid)
        with store.batches.begin() as batch:
            rows = event_columns(product.pk, "native", batch, NOW, [event(uuid=uuid)], [0])
            store.engine.insert("events", rows)
            sql = "insert into taken (product, id, batch) values ({p:UInt32}, {id:UInt64}, {b:UInt64})"
            values = {"p": product.pk, "id": taken_id(uuid), "b": batch}
            store.engine.command(sql, values)
        if merged:
            store.engine.command("optimize table taken final")

    monkeypatch.setattr(Stage, "take", late)
    outcome = runs.execute(store, run)
    assert (outcome.stored, outcome.duplicates) == (1, 1)
    assert count(store, product) == 2
    assert count(store, product, "countIf(batch < 4611686018427387904)") == 1
    sql = "select id, batch < {first:UInt64} from taken where product = {product:UInt32}"
    found = store.engine.rows(sql, {"product": product.pk, "first": IMPORTS})
    assert sorted(found) == sorted([(taken_id(uuid), 1), (taken_id(other), 0)])


def test_a_run_that_is_queued_twice_is_carried_out_once(store, product, tmp_path):
    run = set_up_import(product, tmp_path, [f"u,2024-01-02 10:00:00,{uuid4()}"])
    again: list[str] = []

    def second(_progress: object) -> None:
        if not again:
            with pytest.raises(Refused) as caught:
                runs.execute(store, ImportRun.objects.get(pk=run.pk))
            again.append(caught.value.code)

    runs.execute(store, run, progress=second)
    assert again == ["import_not_resumable"]
    with pytest.raises(Refused):
        runs.execute(store, run)
    run.refresh_from_db()
    assert (run.state, run.stored, count(store, product)) == (ImportRun.State.DONE, 1, 1)


# the quarantine


def test_replaying_holds_no_transaction_while_others_are_written(store, product, monkeypatch):
    """The thread that replays may write for all who wait: they must not be told "stored" before the
    database has committed."""
    raw = '{"event":"e","user":"u","time":1780000000000}'
    refusal = Refusal(code="time_invalid", detail="why", raw=raw)
    store.ingest.submit(product.pk, "native", [], [refusal])
    row, depth = QuarantinedRow.objects.get(product=product), len(connection.savepoint_ids)
    found: list[int] = []
    submit = store.ingest.submit

    def watched(*arguments, **named):
        found.append(len(connection.savepoint_ids))
        return submit(*arguments, **named)

    monkeypatch.setattr(store.ingest, "submit", watched)
    assert quarantine.replay(store.ingest, product, [row]).taken == 1
    assert found == [depth]
    row.refresh_from_db()
    assert row.replayed is not None


# what strangers are told


def test_an_error_of_the_engine_tells_no_sql(store):
    with pytest.raises(StoreFailed) as caught:
        store.engine.rows("select secret_column from events")
    told = str(caught.value.body()) + str(caught.value)
    assert "secret_column" not in told and "select" not in told.lower()
    assert caught.value.data["engine_code"] > 0


# persons whom an admin keeps apart


@pytest.mark.parametrize("again", ["the other way round", "through a third id"])
def test_what_an_admin_has_undone_is_not_merged_again_by_a_detour(store, product, again):
    def send(record):
        return store.ingest.submit(product.pk, "native", [record])

    send(Alias(distinct_id="home", alias="work"))
    merge = Merge.objects.get(product=product)
    with store.batches.begin() as batch:
        people.mirror(store.engine, identity.undo(product.pk, merge.pk, "admin"), set(), batch)
    if again == "the other way round":
        refused = send(Alias(distinct_id="work", alias="home")).refused
    else:
        assert send(Identify(distinct_id="ann", anonymous_id="home")).refused == 0
        refused = send(Identify(distinct_id="ann", anonymous_id="work")).refused
    assert refused == 1
    assert identity.person_of(product.pk, "work") != identity.person_of(product.pk, "home")


def test_a_row_that_was_mended_into_two_lines_stays_refused(store, product, tmp_path):
    run = set_up_import(product, tmp_path, [",2024-01-02 10:00:00,"])
    runs.execute(store, run)
    row = QuarantinedRow.objects.get(import_run=run)
    row.raw = "u,2024-01-02 10:00:00\r,u"
    again = quarantine.replay(store.ingest, product, [row])
    assert (again.taken, dict(again.refused)) == (0, {"row_malformed": 1})


def test_the_live_view_forgets_the_erased(store, product):
    store.ingest.submit(product.pk, "native", [event("ann")])
    assert store.ingest.recent[product.pk]
    erase(store, product, identity.person_of(product.pk, "ann"), "admin")
    assert not store.ingest.recent[product.pk]


def test_an_unforeseen_failure_of_an_import_tells_no_internals(
    store, product, tmp_path, monkeypatch
):
    def fails(_self: Stage) -> int:
        raise RuntimeError("/secret/place: select 1")

    monkeypatch.setattr(Stage, "repeated", fails)
    run = set_up_import(product, tmp_path, [f"u,2024-01-02 10:00:00,{uuid4()}"])
    with pytest.raises(RuntimeError):
        runs.execute(store, run)
    run.refresh_from_db()
    assert run.error["code"] == "import_failed"
    assert "secret" not in str(run.error)
