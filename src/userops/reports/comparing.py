"""Two versions against each other, and an issued version against what the data say now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isclose
from typing import Any

from userops.analyses.answering import Source
from userops.analyses.table import Table
from userops.errors import UserOpsError
from userops.publishing.numbers import known
from userops.reports.models import FigureSnapshot, Issue
from userops.reports.offered import answer, table_of
from userops.reports.quoting import filled
from userops.words import Words

MOST_CELLS = 200


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell of a figure. `row` (its first cells) and `column` are what programs call them, in no language;
    `row_title` and `column_title` what readers do."""

    row: str
    column: str
    row_title: str
    column_title: str
    before: Any
    after: Any
    type: str


@dataclass(frozen=True, slots=True)
class FigureChange:
    """`what`: changed, new, gone, or failed (could not be asked again)."""

    key: str
    title: Words
    what: str
    cells: tuple[CellChange, ...] = ()
    count: int = 0
    problem: Words | None = None


@dataclass(frozen=True, slots=True)
class SentenceChange:
    key: str
    before: str
    after: str

    @property
    def what(self) -> str:
        if not self.before:
            return "new"
        return "gone" if not self.after else "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    figures: tuple[FigureChange, ...]
    sentences: tuple[SentenceChange, ...] = ()

    @property
    def nothing(self) -> bool:
        return not self.figures and not self.sentences


def between_issues(before: Issue, after: Issue, language: str) -> Difference:
    """What a version changed: cells of figures, and sentences as they are read."""
    old = {row.key: row for row in before.figures.all()}
    new = {row.key: row for row in after.figures.all()}
    figures = []
    for key in dict.fromkeys([*old, *new]):
        found = _figure_change(old.get(key), new.get(key), language)
        if found is not None:
            figures.append(found)
    return Difference(tuple(figures), tuple(_sentence_changes(before, after, language)))


def _figure_change(
    old: FigureSnapshot | None, new: FigureSnapshot | None, language: str
) -> FigureChange | None:
    row = new or old
    assert row is not None
    title = Words(**row.title)
    if old is None or new is None:
        return FigureChange(row.key, title, "new" if old is None else "gone")
    return _changed(row.key, title, old.view(language), new.view(language))


def _changed(
    key: str, title: Words, old: Mapping[str, Any], new: Mapping[str, Any]
) -> FigureChange | None:
    cells = cells_between(old, new)
    if not cells:
        return None
    return FigureChange(key, title, "changed", tuple(cells[:MOST_CELLS]), len(cells))


def cells_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[CellChange]:
    """Cells that differ, matched by the row's number, else by its texts and dates, and by the column's name."""
    numbered = all(map(_numbered, (old, new)))
    before, after = _cells(old, numbered=numbered), _cells(new, numbered=numbered)
    found = []
    for place in dict.fromkeys([*before, *after]):
        was, now = before.get(place), after.get(place)
        if (was or now) and (was is None or now is None or not _same(was[0], now[0])):
            _, title, column, type_ = now or was  # type: ignore[misc]
            values = was[0] if was else None, now[0] if now else None
            found.append(CellChange(place[0], place[1], title, column, *values, type_))
    return found


def _same(was: Any, now: Any) -> bool:
    """Sums of the same amounts in another order differ in their last digit: nobody changed them."""
    if known(was) and known(now):
        return isclose(was, now, rel_tol=1e-9, abs_tol=1e-12)
    return bool(was == now)


_NAMES = ("text", "date", "sentence")
NUMBER = "number"


def _numbered(view: Mapping[str, Any]) -> bool:
    """Whether rows have numbers of their own, such as those of tickets: then all else of them may change."""
    rows = view.get("rows", [])
    first = next(iter(view.get("columns", [])), {"name": ""})
    return first["name"] == NUMBER and len({line[0] for line in rows}) == len(rows)


def _cells(
    view: Mapping[str, Any], *, numbered: bool
) -> dict[tuple[str, str, int], tuple[Any, str, str, str]]:
    """(row, column, how often that row came before) → value, title of the row, title of the column, type."""
    found, seen = {}, {}  # type: ignore[var-annotated]
    columns, rows = view.get("columns", []), view.get("rows", [])
    names = [0] if numbered else _naming(columns)
    told = [at for at, each in enumerate(columns) if numbered and each["type"] == "sentence"][:1]
    for line, read in zip(rows, view.get("readable", rows), strict=True):
        label = " · ".join(str(line[at]) for at in names if line[at])
        title = " · ".join(str(read[at]) for at in [*names, *told] if read[at])
        number = seen[label] = seen.get(label, -1) + 1
        for at, (column, cell) in enumerate(zip(columns, line, strict=True)):
            if at not in names:
                if column["type"] == "text" and cell is not None:
                    cell = read[at]
                about = (cell, title, column["title"], column["type"])
                found[label, column["name"], number] = about
    return found


def _naming(columns: Sequence[Mapping[str, Any]]) -> list[int]:
    """Places of the columns that name a row: texts and dates at the left of its numbers, else all of them. A text among
    numbers, such as q or whether something is certain, is a value that may change."""
    texts = [at for at, column in enumerate(columns) if column["type"] in _NAMES]
    left = [at for number, at in enumerate(texts) if number == at]
    return left or texts


def _sentence_changes(before: Issue, after: Issue, language: str) -> list[SentenceChange]:
    old, new = (_read(issue, language) for issue in (before, after))
    return [
        SentenceChange(key, old.get(key, ""), new.get(key, ""))
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    ]


def _read(issue: Issue, language: str) -> dict[str, str]:
    values = {row.key: row.values for row in issue.figures.all()}
    return {
        row.key: filled(row.words.text(language), values, language) for row in issue.sentences.all()
    }


def against_now(issue: Issue, source: Source, language: str = "zh") -> Difference:
    """Ask every question of an issue again: what late data, merges and erasures changed since.
    `language`: of the titles."""
    found, until = [], issue.subject.get("until")
    ended = datetime.fromisoformat(until) if until else None
    for row in issue.figures.exclude(question={}).filter(problem__isnull=True):
        title = Words(**row.title)
        try:
            now = answer(row.question, source, asker="reports", until=ended)
        except UserOpsError as wrong:
            found.append(FigureChange(row.key, title, "failed", problem=wrong.words))
            continue
        frozen = table_of(row.question, row.result)
        change = _changed(row.key, title, _view(frozen, language), _view(now.table(), language))
        if change is not None:
            found.append(change)
    return Difference(tuple(found))


def _view(table: Table, language: str) -> dict[str, Any]:
    """A result as the analysis itself writes it, and its rows as people read them."""
    columns = [
        {
            "name": each.name,
            "title": each.words.text(language),
            "type": each.type if each.type != "property" else "text",
        }
        for each in table.columns
    ]
    readable = [
        [column.shown(cell, language) for column, cell in zip(table.columns, line, strict=True)]
        for line in table.rows
    ]
    return {"columns": columns, "rows": _dated(table.plain()), "readable": _dated(readable)}


def _dated(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [
        [each.isoformat() if hasattr(each, "isoformat") else each for each in line] for line in rows
    ]


def correction_words(issue: Issue) -> Words:
    """The visible line of a correction: which version, why, what changed."""
    former = issue.corrects
    assert former is not None
    changed = between_issues(former, issue, "zh")
    zh = [
        f"“{each.title.zh}”{each.count or ''} 处".replace("” ", "”") for each in changed.figures[:6]
    ]
    en = [f"“{each.title.en}” ({each.count or each.what})" for each in changed.figures[:6]]
    more = len(changed.figures) > 6
    nothing = not changed.figures
    return Words(
        f"更正：本版取代第 {former.number} 版；原因：{issue.reason}。"
        + (
            "图表数字未变；"
            if nothing
            else f"数字有变的图表：{'、'.join(zh)}{'等' if more else ''}；"
        )
        + f"句子变化 {len(changed.sentences)} 处。",
        f"Correction: this version replaces version {former.number}; reason: {issue.reason}. "
        + (
            "No figure changed; "
            if nothing
            else f"Figures that changed: {', '.join(en)}{' and others' if more else ''}; "
        )
        + f"sentences that changed: {len(changed.sentences)}.",
    )
