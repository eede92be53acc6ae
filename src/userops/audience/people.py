"""Who the users of a product are: searched by id or property, listed by when they were last seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from userops.errors import NotFound
from userops.events import profiles
from userops.events.identity import CHUNK, Forest, chunks
from userops.events.models import Merge, Product, UserId
from userops.events.store import Store
from userops.query.filters import text_sql
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.words import Words

_FOLDER = Path(__file__).parent / "users"
MAX_FOUND = 200
"""Persons that one search shows at most."""
_NAMES = ("name", "$name", "nickname", "nick_name", "username", "姓名", "昵称")
"""Profile properties that are taken for a person's name, the first one that is there."""


@dataclass(frozen=True, slots=True)
class Person:
    """One end user. `id` is the known id if there is one, else the first; `last` is UTC."""

    uid: int
    id: str
    name: str
    known: bool
    ids: int
    events: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of persons. `more`: a search met more than it shows."""

    people: list[Person]
    total: int
    more: bool = False


def listing(store: Store, product: Product, *, limit: int, offset: int) -> Found:
    """All persons with events, the last seen first."""
    scope = scope_of(store, product)
    values = scope.values()
    values.parameters |= {"limit": limit, "offset": offset}
    sql = statement(_FOLDER / "listing.sql", {"person": scope.person})
    rows = store.engine.rows(sql, values.parameters)
    if not rows:
        return Found([], 0)
    seen = {person: (last, events) for person, last, events, _total in rows}
    return Found(_described(product, list(seen), seen), int(rows[0][3]))


def search(
    store: Store, product: Product, *, text: str = "", key: str = "", value: str = ""
) -> Found:
    """Persons by an id (the exact one first, then ids that begin so), or by a property's value."""
    uids = _by_id(product, text) if text else _by_property(store, product, key, value)
    forest = Forest(product.pk)
    forest.load(uids)
    roots = list(dict.fromkeys(forest.root(uid) for uid in uids))
    shown = roots[:MAX_FOUND]
    return Found(described(store, product, shown), len(shown), len(roots) > MAX_FOUND)


def described(store: Store, product: Product, roots: Sequence[int]) -> list[Person]:
    """These persons as lists show them, in this order."""
    forest = Forest(product.pk)
    forest.load(roots)
    seen = _seen(store, product, {root: forest.members(root) for root in roots})
    return _described(product, roots, seen)


def _by_id(product: Product, text: str) -> list[int]:
    ids = UserId.objects.filter(product=product)
    exact = ids.filter(distinct_id=text).values_list("uid", flat=True)
    begins = ids.filter(distinct_id__startswith=text).order_by("distinct_id")
    return [*exact, *begins.values_list("uid", flat=True)[: MAX_FOUND + 1]]


def _by_property(store: Store, product: Product, key: str, value: str) -> list[int]:
    if not key:
        return []
    values = Values(product=product.pk, value=value, limit=MAX_FOUND + 1)
    sql = statement(_FOLDER / "by_property.sql", {"text": text_sql(key, "user", values)})
    return [row[0] for row in store.engine.rows(sql, values.parameters)]


def _seen(
    store: Store, product: Product, members: dict[int, list[int]]
) -> dict[int, tuple[datetime, int]]:
    owner = {uid: root for root, uids in members.items() for uid in uids}
    found: dict[int, tuple[datetime, int]] = {}
    for chunk in chunks(owner):
        values = {"product": product.pk, "uids": chunk}
        for uid, last, events in store.engine.rows(statement(_FOLDER / "seen.sql"), values):
            before, count = found.get(owner[uid], (last, 0))
            found[owner[uid]] = (max(last, before), count + events)
    return found


def _described(
    product: Product, roots: Sequence[int], seen: dict[int, tuple[datetime, int]]
) -> list[Person]:
    forest = Forest(product.pk)
    forest.load(roots)
    members = {root: forest.members(root) for root in roots}
    every = [uid for uids in members.values() for uid in uids]
    ids: dict[int, tuple[str, bool]] = {}
    for chunk in chunks(every, CHUNK):
        rows = UserId.objects.filter(product=product, uid__in=chunk)
        ids |= {
            uid: (name, known)
            for uid, name, known in rows.values_list("uid", "distinct_id", "known")
        }
    own = profiles.load(product.pk, every)
    return [_person(root, members[root], ids, own, seen.get(root)) for root in roots]


def _person(
    root: int,
    members: list[int],
    ids: dict[int, tuple[str, bool]],
    own: dict[int, dict[str, Any]],
    seen: tuple[datetime, int] | None,
) -> Person:
    named = [ids[uid] for uid in members if uid in ids]
    main, known = max(named, key=lambda each: each[1], default=("", False))
    last = seen[0].replace(tzinfo=UTC) if seen else None
    return Person(
        uid=root,
        id=main,
        name=name_in(profiles.joined(members, own)),
        known=known,
        ids=len(named),
        events=seen[1] if seen else 0,
        last=last,
    )


def name_in(properties: dict[str, Any]) -> str:
    """What a profile calls its person; nothing when it does not say."""
    return next((str(properties[key]) for key in _NAMES if properties.get(key)), "")


def scope_of(store: Store, product: Product) -> Scope:
    """Where questions about the people of a product are asked, as it is now."""
    facts = store.facts(product.slug)
    return Scope(
        engine=store.engine,
        product=facts.id,
        slug=facts.slug,
        timezone=facts.timezone,
        merged=facts.merged,
        now=datetime.now(UTC),
        version=facts.version,
        users=facts.users,
        currency=facts.currency,
        builds=lambda: store.builds(facts.id),
        facts=lambda: store.fact_versions(facts.id),
        personal=lambda: store.personal(facts.id),
    )


@dataclass(frozen=True, slots=True)
class Identity:
    """One person: all their ids, known ones first, and the merges that made them one."""

    uid: int
    uids: list[int]
    ids: list[UserId]
    merges: list[Merge]

    @property
    def id(self) -> str:
        return self.ids[0].distinct_id

    @property
    def known(self) -> bool:
        return self.ids[0].known


def identity_of(product: Product, uid: int) -> Identity:
    """The person that a uid belongs to. Raises `NotFound` when the uid was never used or is erased."""
    forest = Forest(product.pk)
    forest.load([uid])
    root = forest.root(uid)
    members = forest.members(root)
    ids = list(UserId.objects.filter(product=product, uid__in=members).order_by("-known", "uid"))
    if not ids:
        raise NotFound(Words("没有这个用户。", "There is no such user."), code="user_not_found")
    merges = Merge.objects.filter(product=product, uid__in=members, undone=None).order_by("pk")
    return Identity(root, members, ids, list(merges))
