"""Identity against a slow oracle that keeps persons as plain sets of ids."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.events import identity, people
from userops.events.models import Merge, UserId
from userops.events.records import Alias, Event, Identify

IDS = ["a", "b", "c", "d", "e", "f"]


@dataclass
class Oracle:
    """Persons as sets, rebuilt from the list of links in force each time."""

    known: set[str] = field(default_factory=set)
    links: list[tuple[str, str]] = field(default_factory=list)  # (root id, into root id)
    apart: list[tuple[str, str]] = field(default_factory=list)  # either way round
    seen: set[str] = field(default_factory=set)

    def root(self, name: str) -> str:
        parents = dict(self.links)
        while name in parents:
            name = parents[name]
        return name

    def person(self, name: str) -> set[str]:
        return {other for other in self.seen if self.root(other) == self.root(name)}

    def has_known(self, name: str) -> bool:
        return bool(self.person(name) & self.known)

    def is_apart(self, one: str, two: str) -> bool:
        persons = self.person(one), self.person(two)
        return any(
            (a in persons[0] and b in persons[1]) or (b in persons[0] and a in persons[1])
            for a, b in self.apart
        )

    def identify(self, known: str, anonymous: str | None) -> bool:
        self.seen |= {known} | ({anonymous} if anonymous else set())
        self.known.add(known)
        if anonymous is None or self.root(known) == self.root(anonymous):
            return True
        pair = (self.root(anonymous), self.root(known))
        if self.has_known(anonymous) or self.is_apart(*pair):
            return False
        self.links.append(pair)
        return True

    def alias(self, name: str, alias: str) -> bool:
        self.seen |= {name, alias}
        if self.root(name) == self.root(alias):
            return True
        into, other = (alias, name) if self.has_known(alias) else (name, alias)
        pair = (self.root(other), self.root(into))
        if self.has_known(other) or self.is_apart(*pair):
            return False
        self.links.append(pair)
        return True


step = st.one_of(
    st.tuples(st.just("event"), st.sampled_from(IDS)),
    st.tuples(st.just("identify"), st.sampled_from(IDS), st.sampled_from([*IDS, None])),
    st.tuples(st.just("alias"), st.sampled_from(IDS), st.sampled_from(IDS)),
    st.tuples(st.just("undo"), st.integers(0, 5)),
    st.tuples(st.just("merge"), st.sampled_from(IDS), st.sampled_from(IDS)),
    st.tuples(st.just("flush")),
)


def record(kind, *names):
    if kind == "event":
        return Event(event="e", distinct_id=names[0], ts=1, uuid=uuid4())
    if kind == "identify":
        return Identify(distinct_id=names[0], anonymous_id=names[1])
    return Alias(distinct_id=names[0], alias=names[1])


class System:
    """The real thing, driven like the oracle."""

    def __init__(self, store, product):
        self.store, self.product, self.waiting = store, product, []

    def flush(self):
        if self.waiting:
            self.store.ingest.submit(self.product.pk, "native", self.waiting)
            self.waiting = []

    def name(self, uid):
        return UserId.objects.get(product=self.product, uid=uid).distinct_id

    def change(self, make):
        with self.store.batches.begin() as batch:
            forest = make()
            people.mirror(self.store.engine, forest, set(), batch)

    def undo(self, oracle, index):
        self.flush()
        active = list(Merge.objects.filter(product=self.product, undone=None).order_by("pk"))
        if not active:
            return
        merge = active[index % len(active)]
        self.change(lambda: identity.undo(self.product.pk, merge.pk, "admin"))
        pair = (self.name(merge.uid), self.name(merge.into))
        oracle.links.remove(pair)
        oracle.apart.append(pair)

    def merge(self, oracle, first, second):
        self.flush()
        if not {first, second} <= oracle.seen or oracle.root(first) == oracle.root(second):
            return
        uids = identity.resolve(self.product.pk, [first, second])
        self.change(lambda: identity.merge_by_hand(self.product.pk, uids[first], uids[second]))
        oracle.links.append((oracle.root(first), oracle.root(second)))

    def persons(self):
        """Events per person, as questions see it."""
        from datetime import UTC, datetime

        from userops.query.scope import Scope

        facts = self.store.facts(self.product.slug)
        scope = Scope(
            self.store.engine, facts.id, facts.slug, facts.timezone, facts.merged, datetime.now(UTC)
        )
        rows = scope.ask(
            f"select {scope.person} as person, count() as events from events"
            " where product = {product:UInt32} group by person",
            scope.values(),
        )
        return sorted(row["events"] for row in rows.to_pylist())


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(step, max_size=25))
def test_persons_agree_with_the_oracle(store, make_product, steps):
    product = make_product()
    system, oracle, sent = System(store, product), Oracle(), Counter()
    for kind, *names in steps:
        if kind == "flush":
            system.flush()
        elif kind == "undo":
            system.undo(oracle, *names)
        elif kind == "merge":
            system.merge(oracle, *names)
        else:
            system.waiting.append(record(kind, *names))
            if kind == "event":
                oracle.seen.add(names[0])
                sent[names[0]] += 1
            else:
                getattr(oracle, kind)(*names)
    system.flush()
    expected = Counter()
    for name, events in sent.items():
        expected[oracle.root(name)] += events
    assert system.persons() == sorted(expected.values())
    for name in oracle.seen:
        person = identity.person_of(product.pk, name)
        ids = {row.distinct_id for row in identity.distinct_ids_of(product.pk, person)}
        assert ids == oracle.person(name)


def test_uids_are_dense_from_zero(store, product):
    uids = identity.resolve(product.pk, [f"u{n}" for n in range(12_000)])
    assert sorted(uids.values()) == list(range(12_000))
    again = identity.resolve(product.pk, ["u5", "new"])
    assert again == {"u5": uids["u5"], "new": 12_000}


def test_identify_is_idempotent(store, product):
    records = [Identify(distinct_id="anna", anonymous_id="device")] * 3
    store.ingest.submit(product.pk, "native", records)
    store.ingest.submit(product.pk, "native", records)
    assert Merge.objects.filter(product=product).count() == 1
