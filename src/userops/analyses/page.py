"""How the workbench shows an analysis: what stands in front, what it is called, who is behind a cell.

Each analysis has a `page.py` with its `PAGE`. Everything here is optional: a field without words shows its
own name and stands under “more options”.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from userops.analyses.table import Table
from userops.words import Words

Selection = dict[str, Any]
"""Names one number of a result; each analysis says in its `people` what it holds."""
Options = Callable[[Mapping[str, Any]], list[tuple[str, Words]]]
Cells = list[list[Selection | None]]
"""One selection for each cell of a table, None where nobody stands behind it."""
Label = Callable[[str, str], str]
"""The display name of a property, by `of` and name."""
Marks = dict[str, list[Selection | None]]
"""By the name of a chart's series: one selection for each of its points."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure that stands over the chart. `type` is that of a table's column."""

    words: Words
    value: Any
    type: str = "number"


@dataclass(frozen=True, slots=True)
class HeatCell:
    """`depth` from 0 to 1 is that of its colour; `who` stands behind it."""

    value: float | None
    depth: float | None
    unfinished: bool = False
    who: Selection | None = None


@dataclass(frozen=True, slots=True)
class HeatLine:
    name: Words
    size: int | None
    cells: list[HeatCell]


@dataclass(frozen=True, slots=True)
class Heat:
    """Cohorts by period, under the chart. `type` is that of a table's column."""

    title: Words
    columns: list[Words]
    average: HeatLine
    lines: list[HeatLine]
    type: str
    note: Words


@dataclass(frozen=True, slots=True)
class Teaching:
    """What a page says while its question is not complete."""

    title: Words
    text: Words


_CHOOSE = Teaching(
    Words("选择一个事件", "Choose an event"),
    Words(
        "选好事件后，结果会显示在这里，并随每次修改自动更新。",
        "The answer appears here as soon as an event is chosen, and follows each change.",
    ),
)


def nobody(_document: Any, _result: dict[str, Any], table: Table) -> Cells:
    return [[None] * len(row) for row in table.rows]


@dataclass(frozen=True, slots=True)
class Page:
    """- `icon`: of the menu and the empty page, a name of the icon set.
    - `front`: fields that stand in front, in order; the others are folded away.
    - `starts`: the parts that a new question begins with.
    - `words`: what fields, and options as `field.option`, are called, here whatever others
      call them; a longer path (`start.event`) goes before a shorter one.
    - `help`, `placeholders`, `suggestions`: beside a field. `add`: its button for a further row.
    - `shown_when`: by class and field, whether a field is asked for, given its neighbours.
    - `options`: by class and field, the values and words that are offered, given its neighbours.
    - `cells(document, result, table)` and `marks(document, result, language)`: who is behind a number.
    - `shares(document, result)`: whether the chart's values are shares from 0 to 1.
    - `facts(document, result)`: figures of the whole that stand over the chart.
    - `heat(document, result)`: cohorts as a heat map under the chart.
    - `named(document, result, events)`: a result that speaks the display names of events, given by their names.
    - `notice`: what must be read with every answer.
    - `notes(document, result, label)`: what the answer says, in sentences over the chart; `label` names a
      property as the reader's catalogue does, from `of` and name.
    - `whole(result)`: how many rows at the top of the table tell of all, before those of a breakdown.
    """

    icon: str = "chart-histogram"
    front: tuple[str, ...] = ("range", "unit", "event", "breakdown", "filters")
    starts: Mapping[str, Any] = field(default_factory=dict)
    teaching: Teaching = _CHOOSE
    words: Mapping[str, Words] = field(default_factory=dict)
    help: Mapping[str, Words] = field(default_factory=dict)
    placeholders: Mapping[str, str] = field(default_factory=dict)
    suggestions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    add: Mapping[str, Words] = field(default_factory=dict)
    shown_when: Mapping[tuple[str, str], Callable[[Mapping[str, Any]], bool]] = field(
        default_factory=dict
    )
    options: Mapping[tuple[str, str], Options] = field(default_factory=dict)
    cells: Callable[[Any, dict[str, Any], Table], Cells] = nobody
    marks: Callable[[Any, dict[str, Any], str], Marks] = lambda _document, _result, _language: {}
    shares: Callable[[Any, dict[str, Any]], bool] = lambda _document, _result: False
    facts: Callable[[Any, dict[str, Any]], list[Fact]] = lambda _document, _result: []
    heat: Callable[[Any, dict[str, Any]], Heat | None] = lambda _document, _result: None
    named: Callable[[Any, dict[str, Any], Mapping[str, str]], dict[str, Any]] = (
        lambda _document, result, _events: result
    )
    notice: Words | None = None
    notes: Callable[[Any, dict[str, Any], Label], list[Words]] = lambda _document, _result, _label: []
    whole: Callable[[dict[str, Any]], int] = lambda _result: 0
