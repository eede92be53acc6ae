"""Which refused rows hold an id of a person, so that they can be exported or erased with them.

In JSON an id is met as a whole text, or as a number under a key that names a user; in a row of a table
as a whole cell. An id that only stands inside a longer word is not met.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from userops.events.models import QuarantinedRow

_KEYS_OF_USERS = ("id", "user", "uid", "openid", "account")


def rows_that_mention(product: int, ids: Iterable[str]) -> list[int]:
    """The primary keys of the refused rows of a product that hold one of these ids."""
    wanted = set(ids)
    rows = QuarantinedRow.objects.filter(product=product).values_list("pk", "raw", "detail")
    return [
        pk
        for pk, raw, detail in rows.iterator(chunk_size=5_000)
        if _mentions(raw, wanted) or _in_detail(detail, wanted)
    ]


def remove_from_file(path: Path, ids: Iterable[str]) -> int:
    """Rewrite a CSV file of refused rows without those that hold one of these ids; how many went."""
    if not path.exists():
        return 0
    wanted, removed = set(ids), 0
    part = path.with_suffix(".erasing")
    with (
        path.open(encoding="utf-8-sig", newline="") as old,
        part.open("w", encoding="utf-8-sig", newline="") as new,
    ):
        rows = csv.reader(old)
        writer = csv.writer(new)
        for row in rows:
            *_, detail, raw = row if len(row) > 1 else ("", *row)
            # the file puts an apostrophe before what a spreadsheet would run
            if any(_mentions(text, wanted) for text in {raw, raw.removeprefix("'")}) or _in_detail(
                detail.removeprefix("'"), wanted
            ):
                removed += 1
            else:
                writer.writerow(row)
    if removed:
        part.replace(path)
    else:
        part.unlink()
    return removed


def without_persons(report: dict[str, Any], ids: Iterable[str]) -> tuple[dict[str, Any], int]:
    """A stored quality report without the examples and frequent values that hold one of these ids;
    and how many those were. Its counts stay."""
    wanted, removed = set(ids), 0

    def kept(entries: list[Any]) -> list[Any]:
        nonlocal removed
        left = [each for each in entries if not _entry_mentions(each, wanted)]
        removed += len(entries) - len(left)
        return left

    clean = {**report, "top_users": kept(report.get("top_users", []))}
    clean["fields"] = [
        {**each, "top": kept(each.get("top", []))} for each in report.get("fields", [])
    ]
    clean["reasons"] = [
        {**each, "examples": kept(each.get("examples", []))} for each in report.get("reasons", [])
    ]
    return clean, removed


def _entry_mentions(entry: Any, wanted: set[str]) -> bool:
    if isinstance(entry, dict):
        return _mentions(str(entry.get("raw", "")), wanted) or _in_detail(
            str(entry.get("detail", "")), wanted
        )
    return str(entry[0]) in wanted


def _mentions(raw: str, wanted: set[str]) -> bool:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return _in_cells(raw, wanted)
    return any(text in wanted for text in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    """All texts of a JSON value, and the numbers that may be ids. Deep input cannot exhaust the stack."""
    waiting: list[tuple[str, Any]] = [("user", value)]
    while waiting:
        key, each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend((str(name), inner) for name, inner in each.items())
        elif isinstance(each, list):
            waiting.extend((key, inner) for inner in each)
        elif isinstance(each, str):
            yield each
        elif isinstance(each, int | float) and key.lower().endswith(_KEYS_OF_USERS):
            yield str(each)


def _in_cells(raw: str, wanted: set[str]) -> bool:
    for delimiter in (",", "\t", ";", "|"):
        try:
            lines = list(csv.reader(raw.splitlines(), delimiter=delimiter))
        except csv.Error:
            continue
        if any(cell.strip() in wanted for line in lines for cell in line):
            return True
    return False


def _in_detail(detail: str, wanted: set[str]) -> bool:
    names = detail.split(": ", 1)[0].split(" / ")
    return any(name in wanted for name in names)
