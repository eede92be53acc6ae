"""Facts: what is computed or decided about each person: segments, tags, personas, computed figures.

A fact has a name and, for each person of whom it says something, a value. In questions it is a property of
users of that name. It is replaced as a whole: the new rows are written to the engine under a version of their
own, and count from the moment at which the operational database says so. A crash in between leaves rows that
never count. Who is one person is looked up when a question is asked, as for events: where two who are one
have a value each, that of the person's own number counts, then that of the lowest.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import orjson
import pyarrow as pa
from django.db import connection, transaction

from userops.errors import NotFound, Refused
from userops.events.fact_rows import IN, as_text, rows_sql, value_key
from userops.events.models import Erasure, Fact, FactLeftover, Merge, Product, UserId
from userops.events.persons import person_sql
from userops.events.rollups.touching import changed
from userops.words import Words

if TYPE_CHECKING:
    from userops.events.engine import Engine
    from userops.events.store import Store

Kind = Literal["segment", "tag", "persona", "computed", "list"]
Type = Literal["text", "number"]
Value = str | float | int | bool

_WORDS = "select name, label_zh, label_en, value_labels from events_fact where product_id = %s"
LONGEST = 1_000
"""Characters of a value."""
GRACE = timedelta(minutes=15)
"""Questions that began before a version was replaced may still read it for so long."""
LENT = timedelta(hours=1)
"""So long a version stays that was written for questions about the past."""
ABANDONED = timedelta(days=1)
"""After so long a version that never counted is taken to be of a crash."""


@dataclass(frozen=True, slots=True)
class About:
    """What a fact is: its key, what made it, its words for people, the type of its values, and the words of those
    values that people name otherwise than documents do. `personal`: whether its values say who somebody is; None:
    as its name says."""

    name: str
    kind: Kind
    words: Words
    type: Type = "text"
    values: Mapping[str, Words] = field(default_factory=dict)
    personal: bool | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """A fact as it stands: what it is, when it was computed, of how many persons it says something."""

    about: About
    computed: datetime
    rows: int


def write(
    store: Store,
    product: Product,
    about: About,
    persons: Sequence[int] | np.ndarray[Any, Any],
    values: Sequence[Value] | Value = IN,
    *,
    since: datetime | None = None,
    then: Callable[[], None] = lambda: None,
) -> bool:
    """Replace what a fact says by these persons and their values (one for all, or one for each).

    `since`: when the persons began to be computed, now by default; who has been erased since is left out.
    `then` is called in the transaction that makes the rows count.
    Answers whether anything is different now; where nothing is, nothing is written and no answer is made
    anew. Raises `Refused` for a person given twice or a value that is empty or too long.
    """
    begun = since or datetime.now(UTC)
    uids, texts = _ordered(persons, values)
    digest = _digest(uids, texts)
    known = Fact.objects.filter(product=product, name=about.name, digest=digest).first()
    if known is not None:
        _describe(known, about)
        return False
    version = _new_version(ABANDONED)
    if len(uids):
        store.engine.insert("facts", _rows(product.pk, about.name, version, uids, texts))
    with store.batches.idle():
        gone = _erased(store.engine, product, begun, version, uids)
        with transaction.atomic():
            _switch(product, about, version, digest, len(uids) - gone)
            then()
    sweep(store)
    return True


def lend(
    store: Store,
    product: Product,
    name: str,
    persons: Sequence[int] | np.ndarray[Any, Any],
    values: Sequence[Value] | Value = IN,
) -> int:
    """Write what a fact said at another time; answers its version, for scopes that name it. It never counts, and
    goes after a while."""
    uids, texts = _ordered(persons, values)
    version = _new_version(LENT + GRACE)
    if len(uids):
        store.engine.insert("facts", _rows(product.pk, name, version, uids, texts))
    return version


def _new_version(kept: timedelta) -> int:
    version = time.time_ns() // 1_000 * 1_000 + secrets.randbelow(1_000)
    FactLeftover.objects.create(version=version, after=datetime.now(UTC) + kept)
    return version


def read(
    store: Store, product: Product, name: str, persons: Sequence[int] | None = None
) -> dict[int, str]:
    """What a fact says of each person, or of some, as persons are today; empty where there is no such fact."""
    where, some = (
        ("1", {})
        if persons is None
        else ("person in {persons:Array(UInt64)}", {"persons": list(persons)})
    )
    return _told(store, product, name, f"where {where}", some)


def spread(store: Store, product: Product, name: str, value: str, most: int) -> list[int]:
    """Some of the persons of whom a fact says this, spread over all of them, and the same each time."""
    which = "where value = {value:String} order by cityHash64(person), person limit {most:UInt32}"
    return list(_told(store, product, name, which, {"value": value, "most": most}))


def _told(
    store: Store, product: Product, name: str, which: str, more: Mapping[str, Any]
) -> dict[int, str]:
    version = versions(product.pk).get(name)
    if version is None:
        return {}
    merged = Merge.objects.filter(product=product, undone=None).exists()
    person, moved = person_sql(store.engine, product.pk, merged=merged)
    sql = f"select person, value from ({rows_sql(person, '{name:String}', '{version:UInt64}')}) {which}"  # noqa: S608
    values = {"product": product.pk, "name": name, "version": version, **moved, **more}
    table = store.engine.arrow(sql, values)
    return dict(
        zip(table.column("person").to_pylist(), table.column("value").to_pylist(), strict=True)
    )


def rename(product: Product, about: About) -> None:
    """Call a fact otherwise; what it says stays."""
    fact = Fact.objects.filter(product=product, name=about.name).first()
    if fact is not None:
        _call(fact, about)
        fact.save(update_fields=["label_zh", "label_en", "value_labels"])


def decide(product: Product, name: str, personal: bool) -> None:
    """Say whether the values of a fact say who somebody is. One that nothing is written of yet is told by `write`."""
    Fact.objects.filter(product=product, name=name).update(personal=personal)
    changed(product.pk)


def drop(store: Store, product: Product, name: str) -> None:
    """Forget a fact. Raises `NotFound` where there is none."""
    with store.batches.idle(), transaction.atomic():
        fact = Fact.objects.select_for_update().filter(product=product, name=name).first()
        if fact is None:
            raise NotFound(
                Words(f"没有名为 {name!r} 的事实。", f"There is no fact {name!r}."),
                code="fact_not_found",
            )
        _leave(fact.version)
        fact.delete()
        changed(product.pk)
    sweep(store)


def dated(product: int) -> list[Dated]:
    """The facts of a product, by name."""
    return [
        Dated(about_of(fact), fact.computed, fact.rows)
        for fact in Fact.objects.filter(product=product).order_by("name")
    ]


def about_of(fact: Fact) -> About:
    kind: Any = fact.kind
    type_: Any = fact.type
    return About(fact.name, kind, Words(fact.label_zh, fact.label_en), type_)


def versions(product: int) -> dict[str, int]:
    """The version of each fact that counts."""
    return dict(Fact.objects.filter(product=product).values_list("name", "version"))


def words(product: int) -> dict[str, Words]:
    """What facts are called, and under `<fact>=<value>` their values that have words of their own."""
    with connection.cursor() as cursor:
        # each question asks it, and making it from models takes longer than its answer
        cursor.execute(_WORDS, [product])
        rows = cursor.fetchall()
    found: dict[str, Words] = {}
    for name, zh, en, values in rows:
        found[name] = Words(zh, en)
        labels = orjson.loads(values) if isinstance(values, str) else values
        found |= {value_key(name, value): Words(**words) for value, words in labels.items()}
    return found


def sweep(store: Store, *, alone: bool = False) -> None:
    """Remove versions that no longer count, or never did; with `alone`, nobody reads or writes any."""
    rows = FactLeftover.objects.all()
    if not alone:
        rows = rows.filter(after__lte=datetime.now(UTC))
    for version in rows.values_list("version", flat=True):
        # the number is the partition's name
        store.engine.command(
            "alter table facts drop partition {version:UInt64}", {"version": version}
        )
        FactLeftover.objects.filter(version=version).delete()


def count_again(engine: Engine, product: int) -> None:
    """After rows were taken away: what is recorded of each fact is what is there. Within a transaction."""
    sql = "select version, count() from facts where product = {product:UInt32} group by version"
    counts = {row[0]: row[1] for row in engine.rows(sql, {"product": product})}
    for fact in Fact.objects.filter(product=product):
        if fact.rows != counts.get(fact.version, 0):
            fact.rows, fact.digest = counts.get(fact.version, 0), ""
            fact.save(update_fields=["rows", "digest"])


def wrong(engine: Engine, product: int) -> list[str]:
    """Facts of which not as many rows are there as are recorded, or rows of which nothing is recorded."""
    sql = "select version, any(name), count() from facts where product = {product:UInt32} group by version"
    there = {row[0]: (row[1], row[2]) for row in engine.rows(sql, {"product": product})}
    left = set(FactLeftover.objects.values_list("version", flat=True))
    found = [
        fact.name
        for fact in Fact.objects.filter(product=product).order_by("name")
        if there.pop(fact.version, ("", 0))[1] != fact.rows
    ]
    return found + sorted(name for version, (name, _) in there.items() if version not in left)


def _ordered(
    persons: Sequence[int] | np.ndarray[Any, Any], values: Sequence[Value] | Value
) -> tuple[np.ndarray[Any, Any], pa.Array]:
    """Persons in order with their values as texts."""
    uids = np.asarray(persons, np.uint32)
    order = np.argsort(uids, kind="stable")
    uids = uids[order]
    if len(uids) > 1 and (uids[1:] == uids[:-1]).any():
        raise Refused(
            Words("同一用户出现了两次。", "A person is given twice."), code="fact_person_twice"
        )
    if isinstance(values, str | int | float):
        texts = pa.repeat(pa.scalar(as_text(values), pa.string()), len(uids))
    else:
        texts = pa.array([as_text(each) for each in values], pa.string()).take(pa.array(order))
    sizes = pa.compute.utf8_length(texts).to_numpy(zero_copy_only=False)
    if len(sizes) and (sizes.min() < 1 or sizes.max() > LONGEST):
        raise Refused(
            Words(
                f"取值应为 1 到 {LONGEST} 个字符。", f"A value has from 1 to {LONGEST} characters."
            ),
            code="fact_value",
        )
    return uids, texts


def _digest(uids: np.ndarray[Any, Any], texts: pa.Array) -> str:
    digest = hashlib.sha256(uids.tobytes())
    if len(uids):
        _, starts, letters = texts.buffers()
        ends = np.frombuffer(starts, np.int32, len(uids) + 1)
        digest.update(ends.tobytes())
        digest.update(memoryview(letters)[: int(ends[-1])])
    return digest.hexdigest()


def _rows(
    product: int, name: str, version: int, uids: np.ndarray[Any, Any], texts: pa.Array
) -> pa.Table:
    count = len(uids)
    return pa.table(
        {
            "version": pa.array(np.full(count, version, np.uint64)),
            "product": pa.array(np.full(count, product, np.uint32)),
            "name": pa.array([name] * count, pa.string()),
            "uid": pa.array(uids, pa.uint32()),
            "value": texts,
        }
    )


def _erased(
    engine: Engine, product: Product, begun: datetime, version: int, uids: np.ndarray[Any, Any]
) -> int:
    """Take out who was erased while the fact was being computed; answers how many that were."""
    if not Erasure.objects.filter(product=product, done__gte=begun).exists():
        return 0
    there = UserId.objects.filter(product=product).values_list("uid", flat=True)
    gone = np.setdiff1d(uids, np.fromiter(there.iterator(), np.uint32))
    if len(gone):
        engine.command(
            "alter table facts delete where version = {version:UInt64} and uid in {gone:Array(UInt32)}",
            {"version": version, "gone": gone.tolist()},
            {"mutations_sync": 2},
        )
    return len(gone)


def _switch(product: Product, about: About, version: int, digest: str, rows: int) -> None:
    fact = Fact.objects.select_for_update().filter(product=product, name=about.name).first()
    if fact is None:
        fact = Fact(product=product, name=about.name)
    else:
        _leave(fact.version)
    fact.version, fact.digest, fact.rows = version, digest, rows
    _describe(fact, about)
    FactLeftover.objects.filter(version=version).delete()
    changed(product.pk)


def _describe(fact: Fact, about: About) -> None:
    fact.kind, fact.type, fact.personal = about.kind, about.type, about.personal
    fact.computed = datetime.now(UTC)
    _call(fact, about)
    fact.save()


def _call(fact: Fact, about: About) -> None:
    fact.label_zh, fact.label_en = about.words.zh, about.words.en
    fact.value_labels = {value: words.as_dict() for value, words in about.values.items()}


def _leave(version: int) -> None:
    FactLeftover.objects.create(version=version, after=datetime.now(UTC) + GRACE)
