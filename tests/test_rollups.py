"""Rollups stay equal to a recomputation, whatever happens to the events and to who is who."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.analyses.answering import answer
from userops.errors import Refused, StoreFailed
from userops.events import identity, people
from userops.events.batches import roll_back
from userops.events.checking import check_rollups
from userops.events.erasure import erase
from userops.events.importers import run as runs
from userops.events.importers.formats import detect_format
from userops.events.importers.mapping import Mapping
from userops.events.models import ImportRun, Merge, Product, RollupDay
from userops.events.records import Alias, Event, Identify
from userops.events.rollups import building, reading, touching
from userops.events.rollups.verifying import PROBE, repair, verify
from userops.events.schema import migrate, versions
from userops.words import Words
from userops.workspace.actions.products import change_product

NOON = 1_780_000_000_000
DAY = 86_400_000
NAMES = ["ann", "bob", "cy", "d1", "d2", "d3"]
name = st.sampled_from(NAMES)
when = st.integers(-6, 0).map(lambda days: NOON + days * DAY)
uuids = [uuid4() for _ in range(12)]
event = st.builds(
    lambda who, ts, what, uuid: Event(event=what, distinct_id=who, ts=ts, uuid=uuid or uuid4()),
    name,
    when,
    st.sampled_from(["open", "buy"]),
    st.sampled_from([None, None, *uuids]),
)
link = st.one_of(
    st.builds(lambda who, other: Identify(distinct_id=who, anonymous_id=other), name, name),
    st.builds(lambda who, other: Alias(distinct_id=who, alias=other), name, name),
)
step = st.one_of(
    st.tuples(st.just("send"), st.lists(st.one_of(event, event, link), min_size=1, max_size=6)),
    st.tuples(st.just("fail"), st.lists(st.one_of(event, link), min_size=1, max_size=4)),
    st.tuples(st.just("crash"), st.lists(event, min_size=1, max_size=4)),
    st.tuples(st.just("import"), st.lists(st.tuples(name, when), min_size=1, max_size=5)),
    st.tuples(st.just("import_fails"), st.lists(st.tuples(name, when), min_size=1, max_size=5)),
    st.tuples(st.just("merge"), st.tuples(name, name)),
    st.tuples(st.just("undo"), st.integers(0, 5)),
    st.tuples(st.just("erase"), name),
    st.tuples(st.just("zone"), st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu"])),
    st.tuples(st.just("build"), st.none()),
    st.tuples(st.just("build"), st.none()),
    st.tuples(st.just("build_late"), st.lists(event, min_size=1, max_size=3)),
    st.tuples(st.just("schema"), st.tuples(st.integers(1, 6), st.integers(0, 20))),
)


class History:
    """One product, and what can happen to it."""

    def __init__(self, store, product, admin, folder, monkeypatch):
        self.store, self.product, self.admin = store, product, admin
        self.folder, self.monkeypatch = folder, monkeypatch

    def send(self, records):
        self.store.ingest.submit(self.product.pk, "native", records)

    def fail(self, records):
        """The database refuses after the engine has taken the rows."""
        with self.monkeypatch.context() as broken:
            broken.setattr("userops.events.ingest._Writing._quarantine", _broken)
            with pytest.raises(StoreFailed):
                self.send(records)

    def crash(self, records):
        """As `fail`, and nothing is cleaned up before the next start."""
        with self.monkeypatch.context() as broken:
            broken.setattr("userops.events.ingest._Writing._quarantine", _broken)
            broken.setattr("userops.events.batches.delete_batches", _broken)
            with pytest.raises(StoreFailed):
                self.send(records)
        roll_back(self.store.engine)

    def _import(self, rows):
        path = self.folder / f"{uuid4()}.csv"
        lines = [f"{who},{ts},{uuid4()}" for who, ts in rows]
        path.write_text("\n".join(["user,when,id", *lines]) + "\n")
        mapping = Mapping(
            file=detect_format(path), user="user", time="when", event_name="open", uuid="id"
        )
        return runs.run_import(self.store, self.product, path, mapping)

    def import_(self, rows):
        self._import(rows)

    def import_fails(self, rows):
        with self.monkeypatch.context() as broken:
            broken.setattr("userops.events.importers.run._Execution._note_names", _broken)
            with pytest.raises(StoreFailed):
                self._import(rows)

    def merge(self, pair):
        one, other = (identity.person_of(self.product.pk, each) for each in pair)
        if one is None or other is None:
            return
        with self.store.batches.begin() as batch:
            try:
                forest = identity.merge_by_hand(self.product.pk, other, one)
            except Refused:
                return
            people.mirror(self.store.engine, forest, set(), batch)

    def undo(self, which):
        merges = list(Merge.objects.filter(product=self.product, undone=None).order_by("pk"))
        if not merges:
            return
        with self.store.batches.begin() as batch:
            chosen = merges[which % len(merges)]
            forest = identity.undo(self.product.pk, chosen.pk, "x")
            people.mirror(self.store.engine, forest, set(), batch)

    def erase(self, who):
        person = identity.person_of(self.product.pk, who)
        if person is not None:
            erase(self.store, self.product, person, "x")

    def zone(self, timezone):
        change_product(self.product, timezone=timezone, acting_user=self.admin)

    def schema(self, argument):
        """Versions of the schema come again, once cut short by a crash, as at the start of a newer program."""
        have, statements = argument
        engine = self.store.engine
        engine.command(
            "alter table schema_versions delete where version > {have:UInt32}",
            {"have": have},
            {"mutations_sync": 2},
        )
        command, left = engine.command, iter(range(statements))

        def until_the_crash(*arguments, **named):
            if next(left, None) is None:
                raise StoreFailed(Words("断电", "The power fails."))
            command(*arguments, **named)

        with self.monkeypatch.context() as broken:
            broken.setattr(engine, "command", until_the_crash)
            with contextlib.suppress(StoreFailed):
                migrate(engine)
        assert migrate(engine) == versions()[-1][0]
        roll_back(engine)

    def build(self, _nothing):
        self.store.build_rollups(self.product)

    def build_late(self, records):
        """Events come in while days are counted: their days must not count from that build."""
        counted = building.count_days

        def late(*arguments, **named):
            counted(*arguments, **named)
            self.send(records)

        with self.monkeypatch.context() as meanwhile:
            meanwhile.setattr(building, "count_days", late)
            self.store.build_rollups(self.product)

    def happen(self, what, argument):
        getattr(self, {"import": "import_"}.get(what, what))(argument)


def _broken(*_arguments, **_named):
    raise StoreFailed(Words("坏了", "broken"))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(step, min_size=2, max_size=9))
def test_rollups_equal_a_recomputation_after_any_history(
    store, make_product, make_user, tmp_path, monkeypatch, steps
):
    product = make_product(timezone="Asia/Shanghai")
    history = History(store, product, make_user("admin"), tmp_path, monkeypatch)
    history.happen("send", [sent(-at, who) for at, who in enumerate(NAMES)])
    history.happen("build", None)
    for what, argument in steps:
        history.happen(what, argument)
        product = history.product = Product.objects.get(pk=product.pk)
        verified = verify(store.engine, product)
        assert not verified.wrong, (what, argument)
    kept = _answers(store, product)
    touching.touch_all(product.pk)
    assert kept == _answers(store, product)
    assert store.build_rollups(product) == RollupDay.objects.filter(product=product).count() - (
        RollupDay.objects.filter(product=product, build=None).count()
    )
    assert kept == _answers(store, product)


def _answers(store, product):
    range_ = {"from": "2026-05-15", "to": "2026-06-02"}
    documents = [
        {
            "kind": "trend",
            "series": [{"event": "*", "measure": m} for m in ("users", "total", "wau")],
        },
        {"kind": "lifecycle", "unit": "day"},
        {"kind": "retention", "start": "*", "return": "open", "periods": 5},
    ]
    return [
        answer({"product": product.slug, "range": range_, **each}, store).result
        for each in documents
    ]


def days_with_builds(product):
    return set(building.builds(product.pk))


def sent(days, who="ann"):
    return Event(event="open", distinct_id=who, ts=NOON + days * DAY, uuid=uuid4())


def test_only_touched_days_lose_their_rollup(store, product):
    store.ingest.submit(product.pk, "native", [sent(-at) for at in range(5)])
    assert store.build_rollups(product) == 5
    store.ingest.submit(product.pk, "native", [sent(-2, "bob")])
    late = date(2026, 5, 29) - timedelta(days=2)
    assert len(days_with_builds(product)) == 4 and late not in days_with_builds(product)
    assert building.missing_days(store.engine, product) == [late]
    assert store.build_rollups(product) == 1
    assert reading.counts(
        store.engine, product.pk, "open", {late: building.builds(product.pk)[late]}
    ) == {late: reading.Day(2, 2)}


def test_a_merge_touches_the_days_of_who_moved(store, product):
    store.ingest.submit(product.pk, "native", [sent(0), sent(-1), sent(-3, "device")])
    store.build_rollups(product)
    store.ingest.submit(product.pk, "native", [Identify(distinct_id="ann", anonymous_id="device")])
    assert len(days_with_builds(product)) == 3
    assert not verify(store.engine, product).wrong


def test_nothing_is_built_while_an_import_runs(store, product):
    store.ingest.submit(product.pk, "native", [sent(0)])
    ImportRun.objects.create(product=product, state=ImportRun.State.RUNNING)
    assert store.build_rollups(product) == 0


def test_check_finds_a_wrong_day_and_repair_mends_it(store, product):
    store.ingest.submit(product.pk, "native", [sent(0), sent(-1), sent(-1, "bob")])
    store.build_rollups(product)
    store.engine.command(
        "alter table events delete where product = {p:UInt32} and uid = 1",
        {"p": product.pk},
        {"mutations_sync": 2},
    )
    found = [each for each in check_rollups(store) if product.slug in each.words.en]
    assert [each.good for each in found] == [False] and "2026-05-28" in found[0].words.en
    assert verify(store.engine, product).wrong == (date(2026, 5, 28),)
    assert repair(store.engine, store.batches, product, verify(store.engine, product).wrong) == 1
    assert not verify(store.engine, product).wrong
    probes = "select count() from active_users where build = {probe:UInt64}"
    assert store.engine.value(probes, {"probe": PROBE}) == 0


def test_builds_that_count_no_more_are_swept_away(store, product, monkeypatch):
    monkeypatch.setattr(building, "STALE_BUILDS", 3)
    for _ in range(6):
        store.ingest.submit(product.pk, "native", [sent(0)])
        store.build_rollups(product)
    sql = "select uniqExact(build) from active_users where product = {p:UInt32}"
    assert store.engine.value(sql, {"p": product.pk}) <= 4
    assert not verify(store.engine, product).wrong


def test_a_wrong_clock_does_not_open_up_years_of_empty_days(store, product):
    store.ingest.submit(product.pk, "native", [sent(0), sent(-3), sent(-9_000)])
    assert store.build_rollups(product) == 5
    assert not verify(store.engine, product).wrong
    everything = {"kind": "lifecycle", "unit": "year", "product": product.slug}
    found = answer({**everything, "range": {"preset": "all_time"}}, store)
    assert sum(point["new"] for point in found.result["points"]) == 1
    assert found.plan.source == "both"
