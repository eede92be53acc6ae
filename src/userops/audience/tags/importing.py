"""Tags from a file of ids and values: good rows are kept, bad ones reported and put in quarantine."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from userops.audience.tags import assigning
from userops.audience.tags.actions import value_of
from userops.audience.tags.defining import YES, values_of
from userops.audience.tags.models import Kind, Tag, TagChange
from userops.errors import Refused
from userops.events.identity import Forest, stored_uids
from userops.events.importers.reading import detect_format, open_rows, read_chunks
from userops.events.models import QuarantinedRow
from userops.events.store import Store
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

DOOR = "tag"
KEPT_REFUSED = 10_000
MOST_ROWS = 5_000_000
_IDS = ("id", "user_id", "userid", "distinct_id", "uid", "用户", "用户id", "用户 id", "用户标识")
_VALUES = ("value", "tag", "label", "标签", "取值", "值", "标签值")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its number, id and value as they stand there."""

    number: int
    id: str
    value: str = ""


@dataclass(slots=True)
class Outcome:
    """What became of a file: rows read, people who have the tag by it, refused rows by reason."""

    rows: int = 0
    people: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        return {"rows": self.rows, "people": self.people, "refused": dict(self.refused)}


def import_file(
    store: Store,
    tag: Tag,
    path: Path,
    *,
    name: str = "",
    replace: bool = False,
    new_values: bool = True,
    acting_user: User,
) -> Outcome:
    """Take the rows of a CSV, Excel, JSONL or Parquet file. `replace`: whoever is not in it loses the tag;
    `new_values`: values that the tag does not have yet are taken as new ones. Raises `Refused`."""
    _may(tag, acting_user)
    refused: list[tuple[Row, str, str]] = []
    rows = list(_rows(path, refused))
    return _take(
        store, tag, rows, refused, name=name or path.name, replace=replace, new_values=new_values,
        user=acting_user,
    )  # fmt: skip


def import_values(
    store: Store, tag: Tag, values: Iterable[tuple[str, str]], *, name: str = "", acting_user: User
) -> Outcome:
    """The same for pairs of id and value that a program sends."""
    _may(tag, acting_user)
    rows = [Row(number, *pair) for number, pair in enumerate(values, start=1)]
    return _take(store, tag, rows, [], name=name, replace=False, new_values=False, user=acting_user)


def waiting(tag: Tag) -> list[QuarantinedRow]:
    """The refused rows of a tag that are still in quarantine."""
    rows = QuarantinedRow.objects.filter(product=tag.product, door=DOOR, replayed=None)
    return [row for row in rows.order_by("pk") if json.loads(row.raw).get("tag") == tag.name]


def retry(store: Store, tag: Tag, *, acting_user: User) -> Outcome:
    """Take the refused rows that are good now, such as those of people who have come since."""
    _may(tag, acting_user)
    held = waiting(tag)
    rows = [
        Row(number, given.get("id", ""), given.get("value", ""))
        for number, given in enumerate(json.loads(row.raw) for row in held)
    ]
    # what is refused again goes to quarantine anew, with its reason of today
    QuarantinedRow.objects.filter(pk__in=[row.pk for row in held]).update(
        replayed=datetime.now(UTC)
    )
    return _take(store, tag, rows, [], name="", replace=False, new_values=False, user=acting_user)


def _may(tag: Tag, user: User) -> None:
    check(user, tag.product, Permission.MANAGE_DATA)
    if tag.kind not in (Kind.IMPORTED, Kind.MANUAL):
        raise Refused(
            Words(
                f"“{tag.name}”由数据得出，不能导入。",
                f"“{tag.name}” follows from data and takes no file.",
            ),
            code="tag_not_by_hand",
        )


def _rows(path: Path, refused: list[tuple[Row, str, str]]) -> Iterator[Row]:
    """The rows of a file by their numbers in it."""
    reader = open_rows(path, detect_format(path))
    seen = 0
    for chunk in read_chunks(reader, path):
        id_column, value_column = _columns(chunk.table)
        seen += chunk.read
        if seen > MOST_ROWS:
            raise Refused(
                Words(
                    f"文件超过 {MOST_ROWS:,} 行。", f"The file has more than {MOST_ROWS:,} rows."
                ),
                code="tag_file_too_long",
            )
        refused.extend((Row(bad.row, "", bad.raw), bad.code, bad.detail) for bad in chunk.refused)
        ids = chunk.table.column(id_column).to_pylist()
        values = chunk.table.column(value_column).to_pylist() if value_column else [""] * len(ids)
        for number, id_, value in zip(chunk.rows.tolist(), ids, values, strict=True):
            yield Row(number, (id_ or "").strip(), " ".join((value or "").split()))


def _columns(table: pa.Table) -> tuple[str, str | None]:
    """The columns of id and value: by their names, else the first two."""
    names = list(table.column_names)
    lower = {name.strip().lower(): name for name in reversed(names)}
    id_column = next((lower[each] for each in _IDS if each in lower), names[0])
    rest = [name for name in names if name != id_column]
    found = next((lower[each] for each in _VALUES if each in lower), None)
    return id_column, found if found in rest else next(iter(rest), None)


def _take(
    store: Store,
    tag: Tag,
    rows: list[Row],
    refused: list[tuple[Row, str, str]],
    *,
    name: str,
    replace: bool,
    new_values: bool,
    user: User,
) -> Outcome:
    with assigning.one_writer(tag.product):
        since, read = datetime.now(UTC), len(rows) + len(refused)
        if new_values:
            _learn(tag, rows)
        good = _judged(tag, rows, refused)
        members = _by_person(tag, good, refused)
        values = {} if replace else assigning.own_values(store, tag)
        for uids, _value in members.values():
            for uid in uids:
                values.pop(uid, None)
        values |= {root: value for root, (_uids, value) in members.items()}
        assigning.replace(store, tag, values, since=since)
        outcome = Outcome(read, len(members))
        outcome.refused = Counter(code for _row, code, _detail in refused)
        _quarantine(tag, refused)
        TagChange.objects.create(
            tag=tag, action=TagChange.Action.IMPORTED, who=user.email, people=len(members),
            details={"file": name[:200], "replace": replace, **outcome.as_json()},
        )  # fmt: skip
    note(
        user, "tag.imported", product=tag.product, target=tag.name, file=name[:200],
        people=outcome.people, refused=sum(outcome.refused.values()),
    )  # fmt: skip
    return outcome


def _learn(tag: Tag, rows: list[Row]) -> None:
    """Values that the tag does not have yet, in the order of the file. Raises `Refused` for too many."""
    fresh = [row.value for row in rows if row.id and row.value and row.value != YES]
    values = values_of([*tag.values, *fresh])
    if values != tag.values:
        tag.values = values
        tag.save(update_fields=["values"])


def _judged(
    tag: Tag, rows: list[Row], refused: list[tuple[Row, str, str]]
) -> list[tuple[Row, str]]:
    good: list[tuple[Row, str]] = []
    for row in rows:
        if not row.id:
            refused.append((row, "user_missing", ""))
            continue
        try:
            good.append((row, value_of(tag, row.value)))
        except Refused as wrong:
            refused.append((row, "tag_value_unknown", wrong.words.en[:300]))
    return good


def _by_person(
    tag: Tag, good: list[tuple[Row, str]], refused: list[tuple[Row, str, str]]
) -> dict[int, tuple[list[int], str]]:
    """Root → all uids and the value; of two rows of one person the first counts."""
    known = stored_uids(tag.product.pk, list(dict.fromkeys(row.id for row, _value in good)))
    forest = Forest(tag.product.pk)
    forest.load(known.values())
    found: dict[int, tuple[list[int], str]] = {}
    for row, value in good:
        if row.id not in known:
            refused.append((row, "user_unknown", row.id[:300]))
            continue
        root = forest.root(known[row.id])
        if root not in found:
            found[root] = (forest.members(root), value)
        elif found[root][1] != value:
            refused.append((row, "user_twice", row.id[:300]))
    return found


def _quarantine(tag: Tag, refused: list[tuple[Row, str, str]]) -> None:
    QuarantinedRow.objects.bulk_create(
        [
            QuarantinedRow(
                product=tag.product,
                door=DOOR,
                row_number=row.number,
                code=code,
                detail=detail[:500],
                raw=json.dumps(
                    {"tag": tag.name, "id": row.id, "value": row.value}, ensure_ascii=False
                ),
            )
            for row, code, detail in refused[:KEPT_REFUSED]
        ],
        batch_size=1_000,
    )
