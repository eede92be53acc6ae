"""Who is who: sender ids, dense numbers, and which of them are one person.

Every id that a sender uses gets a `uid`, dense from 0 in its product, and events keep that uid for
ever. Which uids are one person is a forest of `Merge` links beside them, so that merging is exact for
events before and after it, and undoing it is too.

The rule:
- `identify(known, anonymous)`: the anonymous id's person joins the known one's, unless it already
  holds a known user: then nothing is merged and the message is refused as `identity_conflict`.
- `alias(a, b)`: the person without a known user joins the other; two known users stay apart.
- Two known users are merged only by hand. What an admin has undone is not merged again by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import TypeVar

from django.db import connection, transaction

from userops.errors import NotFound, Refused
from userops.events.models import Merge, Product, UserId
from userops.events.writing import insert_rows, moment
from userops.words import Words

T = TypeVar("T")
CHUNK = 5_000
"""Values in one `in (…)`: below SQLite's limit."""


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


class UidCache:
    """(product, distinct_id) → uid, for ids that are committed. Uids never change, so it never lies."""

    def __init__(self, capacity: int = 500_000):
        self.capacity = capacity
        self._uids: dict[tuple[int, str], int] = {}

    def get(self, product: int, distinct_id: str) -> int | None:
        return self._uids.get((product, distinct_id))

    def add(self, product: int, uids: dict[str, int]) -> None:
        if len(self._uids) + len(uids) > self.capacity:
            self._uids.clear()
        self._uids.update(((product, distinct_id), uid) for distinct_id, uid in uids.items())

    def clear(self) -> None:
        self._uids.clear()


CACHE = UidCache()


def resolve(product: int, distinct_ids: Iterable[str]) -> dict[str, int]:
    """The uid of each id; new ids get the next free numbers. Call within a transaction."""
    wanted = dict.fromkeys(distinct_ids)
    found = {each: uid for each in wanted if (uid := CACHE.get(product, each)) is not None}
    found.update(stored := stored_uids(product, [each for each in wanted if each not in found]))
    fresh = _allocate(product, [each for each in wanted if each not in found])
    found.update(fresh)
    learned = {**stored, **fresh}
    if learned:
        transaction.on_commit(lambda: CACHE.add(product, learned))
    return found


def stored_uids(product: int, distinct_ids: list[str]) -> dict[str, int]:
    """The uids of those ids that have one."""
    found: dict[str, int] = {}
    for chunk in chunks(distinct_ids):
        rows = UserId.objects.filter(product=product, distinct_id__among=chunk)
        found.update(rows.values_list("distinct_id", "uid"))
    return found


def _allocate(product: int, distinct_ids: list[str]) -> dict[str, int]:
    if not distinct_ids:
        return {}
    # the product's row is the lock: one allocation at a time
    row = Product.objects.select_for_update().only("next_uid").get(pk=product)
    missing = distinct_ids
    if connection.vendor != "sqlite":  # another process may have been first
        missing = [each for each in distinct_ids if each not in stored_uids(product, distinct_ids)]
    uids = {each: row.next_uid + offset for offset, each in enumerate(missing)}
    now = moment(datetime.now(UTC))
    columns = ("product", "distinct_id", "uid", "known", "created")
    rows = ((product, each, uid, False, now) for each, uid in uids.items())
    insert_rows(UserId, columns, rows)
    Product.objects.filter(pk=product).update(next_uid=row.next_uid + len(missing))
    return {**stored_uids(product, [e for e in distinct_ids if e not in uids]), **uids}


@dataclass
class Forest:
    """The persons of some uids of one product, loaded whole, and the links made to them."""

    product: int
    parent: dict[int, int] = field(default_factory=dict)
    children: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    known: set[int] = field(default_factory=set)
    kept_apart: set[tuple[int, int]] = field(default_factory=set)
    made: list[Merge] = field(default_factory=list)
    moved: set[int] = field(default_factory=set)
    """Uids whose person has changed."""
    _loaded: set[int] = field(default_factory=set)

    def load(self, uids: Iterable[int]) -> None:
        """Load the whole persons of these uids."""
        frontier = set(uids) - self._loaded
        while frontier:
            self._loaded |= frontier
            reached: set[int] = set()
            for chunk in chunks(frontier):
                reached |= self._load_links(chunk)
            frontier = reached - self._loaded

    def _load_links(self, uids: list[int]) -> set[int]:
        active = Merge.objects.filter(product=self.product, undone=None)
        up = dict(active.filter(uid__among=uids).values_list("uid", "into"))
        down = dict(active.filter(into__among=uids).values_list("uid", "into"))
        for uid, into in {**up, **down}.items():
            if uid not in self.parent:
                self.parent[uid] = into
                self.children[into].append(uid)
        ids = UserId.objects.filter(product=self.product, uid__among=uids, known=True)
        self.known.update(ids.values_list("uid", flat=True))
        undone = Merge.objects.filter(product=self.product, undone__isnull=False, uid__among=uids)
        self.kept_apart.update(undone.values_list("uid", "into"))
        return set(up.values()) | set(down)

    def root(self, uid: int) -> int:
        """The person of a loaded uid."""
        while uid in self.parent:
            uid = self.parent[uid]
        return uid

    def members(self, root: int) -> list[int]:
        """All uids of a person, itself first, in the order in which they were merged."""
        found = [root]
        for uid in found:
            found.extend(self.children.get(uid, ()))
        return found

    def is_known(self, root: int) -> bool:
        return any(uid in self.known for uid in self.members(root))

    def are_kept_apart(self, root: int, other: int) -> bool:
        """Whether an admin has undone a merge between these two persons, whichever joined which, and
        whoever has joined either since."""
        if not self.kept_apart:
            return False
        one, two = set(self.members(root)), set(self.members(other))
        return any(
            (uid in one and into in two) or (uid in two and into in one)
            for uid, into in self.kept_apart
        )

    def link(self, root: int, into: int, how: str) -> None:
        """Make the person `root` part of the person `into`."""
        self.moved.update(self.members(root))
        self.parent[root] = into
        self.children[into].append(root)
        self.made.append(Merge(product_id=self.product, uid=root, into=into, how=how))

    def identify(self, known: int, anonymous: int | None) -> bool:
        """Apply the rule of `identify`; False when two known users would have to be merged."""
        self.known.add(known)
        if anonymous is None:
            return True
        person, other = self.root(known), self.root(anonymous)
        if person == other:
            return True
        if self.is_known(other) or self.are_kept_apart(other, person):
            return False
        self.link(other, person, "identify")
        return True

    def alias(self, uid: int, alias: int) -> bool:
        """Apply the rule of `alias`; False when two known users would have to be merged."""
        person, other = self.root(uid), self.root(alias)
        if person == other:
            return True
        if self.is_known(other):
            person, other = other, person
        if self.is_known(other) or self.are_kept_apart(other, person):
            return False
        self.link(other, person, "alias")
        return True

    def save(self) -> None:
        """Write the new links. Call within the transaction."""
        now = moment(datetime.now(UTC))
        columns = ("product", "uid", "into", "how", "merged", "undone_by")
        rows = ((self.product, each.uid, each.into, each.how, now, "") for each in self.made)
        insert_rows(Merge, columns, rows)
        for chunk in chunks(self.known):
            UserId.objects.filter(product=self.product, uid__among=chunk, known=False).update(
                known=True
            )
        self.made = []


def person_of(product: int, distinct_id: str) -> int | None:
    """The person behind an id; None when the id was never seen."""
    uid = (
        UserId.objects.filter(product=product, distinct_id=distinct_id)
        .values_list("uid", flat=True)
        .first()
    )
    if uid is None:
        return None
    forest = Forest(product)
    forest.load([uid])
    return forest.root(uid)


def uids_of(product: int, person: int) -> list[int]:
    """All uids of a person, the first one first."""
    forest = Forest(product)
    forest.load([person])
    return forest.members(forest.root(person))


def distinct_ids_of(product: int, person: int) -> list[UserId]:
    """All ids of a person, known ones first."""
    rows = UserId.objects.filter(product=product, uid__among=uids_of(product, person))
    return list(rows.order_by("-known", "uid"))


def merge_by_hand(product: int, uid: int, into: int) -> Forest:
    """Merge two persons whoever they are. Raises `Refused` when they are one already."""
    forest = Forest(product)
    forest.load([uid, into])
    person, other = forest.root(into), forest.root(uid)
    if person == other:
        raise Refused(
            Words("这两个 ID 已属于同一个人。", "These ids already belong to one person."),
            code="already_merged",
        )
    forest.link(other, person, "manual")
    forest.save()
    return forest


def undo(product: int, merge_id: int, who: str) -> Forest:
    """Take a merge back. Raises `NotFound` when it is not in force."""
    merge = Merge.objects.filter(product=product, pk=merge_id, undone=None).first()
    if merge is None:
        raise NotFound(
            Words("没有这次合并，或已撤销。", "There is no such merge, or it is undone."),
            code="merge_not_found",
        )
    forest = Forest(product)
    forest.load([merge.uid])
    merge.undone, merge.undone_by = datetime.now(UTC), who
    merge.save(update_fields=["undone", "undone_by"])
    del forest.parent[merge.uid]
    forest.children[merge.into].remove(merge.uid)
    forest.moved = set(forest.members(merge.uid)) | {merge.into}
    return forest
