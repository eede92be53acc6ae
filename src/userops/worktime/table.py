"""The editable table of days that differ, as CSV: `day,hours,note`.

`hours` as people write them: `off`, or `09:00-12:00 13:30-18:00`. A row that cannot be read is reported
and loses nothing beside it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from userops.errors import Refused
from userops.words import Words
from userops.worktime.calendar import Calendar, OwnDay
from userops.worktime.hours import parsed, written
from userops.worktime.published import published_in

COLUMNS = ("day", "hours", "note")
LONGEST_NOTE = 100
MOST_ROWS = 4_000
_BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was not taken; `row` counts from 1, the head included."""

    row: int
    words: Words


@dataclass(frozen=True, slots=True)
class Read:
    days: Mapping[date, OwnDay]
    problems: tuple[Problem, ...]


def read_table(text: str) -> Read:
    """The days of a table. Raises `Refused` when it is none at all."""
    rows = list(csv.reader(io.StringIO(text.removeprefix(_BOM), newline="")))
    if not rows or tuple(each.strip().lower() for each in rows[0][:3]) != COLUMNS:
        raise Refused(
            Words(
                "表格的第一行应为 day,hours,note。", "The first row of the table is day,hours,note."
            ),
            code="calendar_table_head",
        )
    if len(rows) > MOST_ROWS:
        raise Refused(
            Words(f"表格最多 {MOST_ROWS} 行。", f"A table has at most {MOST_ROWS} rows."),
            code="calendar_table_long",
        )
    days: dict[date, OwnDay] = {}
    problems: list[Problem] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(each.strip() for each in row):
            continue
        try:
            day, own = _row(row)
            if day in days:
                raise _wrong(f"{day} 出现了两次。", f"{day} is there twice.")
            days[day] = own
        except Refused as wrong:
            problems.append(Problem(number, wrong.words))
    return Read(days, tuple(problems))


def _row(row: list[str]) -> tuple[date, OwnDay]:
    cells = [*(each.strip() for each in row), "", ""]
    try:
        day = date.fromisoformat(cells[0].replace("/", "-"))
    except ValueError:
        raise _wrong(
            f"日期应写作 2026-10-10；实际为 {cells[0][:40]!r}。",
            f"A day is written 2026-10-10; got {cells[0][:40]!r}.",
        ) from None
    if not cells[1]:
        raise _wrong("缺少工作时段；休息写作 off。", "The hours are missing; a day off is `off`.")
    return day, OwnDay(parsed(cells[1]), _as_typed(cells[2])[:LONGEST_NOTE])


def written_table(days: Mapping[date, OwnDay]) -> str:
    """The table of these days, as `read_table` reads it; spreadsheets open it as UTF-8."""
    file = io.StringIO(newline="")
    rows = csv.writer(file, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for day in sorted(days):
        rows.writerow((day.isoformat(), written(days[day].hours), _plain(days[day].note)))
    return _BOM + file.getvalue()


def published_days(calendar: Calendar, year: int, language: str) -> dict[date, OwnDay]:
    """The published days of a year as own days: a table to begin with."""
    return {
        each.day: OwnDay(calendar.make_up if each.working else (), each.words.text(language))
        for each in published_in(calendar.region, year)
    }


def _plain(note: str) -> str:
    """No spreadsheet takes a note for a formula."""
    return f"'{note}" if note.startswith(_FORMULA) else note


def _as_typed(note: str) -> str:
    return note[1:] if note.startswith("'") and note[1:].startswith(_FORMULA) else note


def _wrong(zh: str, en: str) -> Refused:
    return Refused(Words(zh, en), code="calendar_table_row")
