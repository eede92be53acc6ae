"""Whose facts may be others than at the last refresh: those with new events, and those merged since."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from userops.events.batches import IMPORTS
from userops.events.identity import Forest
from userops.events.models import Merge
from userops.query.scope import Scope
from userops.query.sql import Values, statement

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a refresh has read: events before `after` (UTC milliseconds) of live batches up to `live` and of these
    imports, with their number and a sum over them; and the merges up to `merge`, with their number and how many
    of all are undone."""

    after: int
    live: int
    done: tuple[int, ...]
    events: int
    checksum: str
    merge: int
    merges: int
    undone: int

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "done": list(self.done)}


def seen_of(kept: dict[str, Any]) -> Seen | None:
    """What was kept of the last refresh."""
    return Seen(**{**kept, "done": tuple(kept["done"])}) if kept else None


def look(scope: Scope, after: int) -> Seen:
    """What a refresh that begins now reads."""
    values = scope.values()
    found = _read(scope, values, after, "1")
    rows = Merge.objects.filter(product=scope.product)
    newest = rows.order_by("pk").values_list("pk", flat=True).last() or 0
    return Seen(
        after=after,
        live=found["live"],
        done=tuple(found["done"]),
        events=found["events"],
        checksum=found["checksum"],
        merge=newest,
        merges=rows.filter(pk__lte=newest).count(),
        undone=rows.exclude(undone=None).count(),
    )


def _read(scope: Scope, values: Values, after: int, which: str) -> dict[str, Any]:
    pieces = {
        "after": values.instant(after),
        "imports": values.add(IMPORTS, "UInt64"),
        "which": which,
    }
    found: dict[str, Any] = scope.ask(statement(SQL / "seen.sql", pieces), values).to_pylist()[0]
    return found


def _known_sql(seen: Seen, values: Values) -> str:
    live, done = values.add(seen.live, "UInt64"), values.add(list(seen.done), "Array(UInt64)")
    return f"(batch <= {live} or batch in {done})"


def touched(scope: Scope, seen: Seen, after: int) -> list[int] | None:
    """The persons to be looked at anew before `after`; None where it must be all of them: events or merges that
    were read are there no more, or others came among them."""
    if after < seen.after or not (_events_stand(scope, seen) and _merges_stand(scope, seen)):
        return None
    values = scope.values()
    pieces = {
        "person": scope.person,
        "after": values.instant(after),
        "read_until": values.instant(seen.after),
        "known": _known_sql(seen, values),
    }
    table = scope.ask(statement(SQL / "touched.sql", pieces), values)
    return sorted({*table.column("person").to_pylist(), *_merged(scope, seen)})


def _events_stand(scope: Scope, seen: Seen) -> bool:
    values = scope.values()
    now = _read(scope, values, seen.after, _known_sql(seen, values))
    return bool(now["events"] == seen.events and now["checksum"] == seen.checksum)


def _merges_stand(scope: Scope, seen: Seen) -> bool:
    rows = Merge.objects.filter(product=scope.product)
    same = rows.filter(pk__lte=seen.merge).count() == seen.merges
    return same and rows.exclude(undone=None).count() == seen.undone


def _merged(scope: Scope, seen: Seen) -> set[int]:
    """The persons that merges since have made."""
    rows = Merge.objects.filter(product=scope.product, pk__gt=seen.merge)
    uids = list(rows.values_list("uid", flat=True))
    forest = Forest(scope.product)
    forest.load(uids)
    return {forest.root(uid) for uid in uids}
