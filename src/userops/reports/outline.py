"""What a report is made of: chapters, the figures that they ask for, and the rules that write sentences.

A kind of report is plain data. Its figures are query documents or tables made of other figures; its rules
read frozen figures and say what they find, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from userops.analyses.table import Table
from userops.reports.settings import Setting
from userops.reports.subject import Subject
from userops.words import Words

if TYPE_CHECKING:
    from userops.reports.book import Book, Finding, Frozen

Shown = Literal["figure", "table", "evidence"]


class NotComputable(Exception):  # noqa: N818 - it is an answer, not a fault
    """Why a figure cannot be made of this product's data: the one line that stands in its place."""

    def __init__(self, zh: str, en: str):
        super().__init__(en)
        self.words = Words(zh, en)


@dataclass(frozen=True)
class FigurePlan:
    """A figure to be frozen.

    - `ask(subject)`: its query document, without product and range; raises `NotComputable`.
    - `compose(book)`: or a table made of the figures before it; `chart(book, language)` draws it.
    - `table(frozen, subject)` and `draw(frozen, subject, language)`: how an answer is read here, in place of
      the analysis's own table and chart; a table of None leaves the analysis's own. Both may raise `NotComputable`.
    - `names`: what texts of the analysis's own chart and columns are called here, such as a formula.
    - `money`: columns of numbers that are sums of money, by how their names begin: in the product's currency.
    - `cards(frozen, subject, language)`: groups of users, each on a card before the figure.
    - `shown`: `figure` with its chart, `table` without, `evidence` is only quoted.
    - `first`: columns that stand before the others, as documents may not have room for all.
    - `parts`: into how many a wide table may be cut. `on_slides`: which columns of one that is too wide slides show.
    - `titled(subject)`: its title where that depends on the product, such as by what groups are told apart.
    - `before`: asks of the period before. `everybody`: also of those whom the report leaves out.
    """

    key: str
    title: Words
    ask: Callable[[Subject], Mapping[str, Any]] | None = None
    compose: Callable[[Book], Table] | None = None
    chart: Callable[[Book, str], dict[str, Any]] | None = None
    table: Callable[[Frozen, Subject], Table | None] | None = None
    cards: Callable[[Frozen, Subject, str], list[dict[str, Any]]] | None = None
    draw: Callable[[Frozen, Subject, str], dict[str, Any]] | None = None
    names: Mapping[str, Words] = field(default_factory=dict)
    money: tuple[str, ...] = ()
    definition: Words | None = None
    shown: Shown = "figure"
    before: bool = False
    everybody: bool = False
    shown_rows: int = 12
    first: tuple[str, ...] = ()
    parts: int = 2
    on_slides: tuple[str, ...] = ()
    titled: Callable[[Subject], Words] | None = None

    def title_of(self, subject: Subject) -> Words:
        return self.titled(subject) if self.titled else self.title


@dataclass(frozen=True)
class Chapter:
    key: str
    title: Words
    figures: tuple[FigurePlan, ...] = ()


@dataclass(frozen=True)
class Rule:
    """`write(book)` yields what a chapter says; it is not asked when a figure it needs is not there."""

    chapter: str
    write: Callable[[Book], Iterable[Finding]]
    needs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.write.__name__


@dataclass(frozen=True)
class ReportKind:
    """`conclude(book, findings)` writes the first page of what the rules found."""

    name: str
    words: Words
    about: Words
    chapters: tuple[Chapter, ...]
    rules: tuple[Rule, ...]
    conclude: Callable[[Book, list[Finding]], Iterable[Finding]]
    suggested: Callable[[date], str]
    """A period that one would take on this day, as `period_of` reads it."""

    settings: Mapping[str, Setting] = field(default_factory=dict)
    """What a person may choose beside the events of the catalogue, by name."""
    collected: Callable[..., tuple[date | None, date | None]] | None = None
    """From which day on its records are whole, and where they end; by the events where nothing is said."""

    def chapter(self, key: str) -> Chapter | None:
        return next((each for each in self.chapters if each.key == key), None)

    @property
    def figures(self) -> list[tuple[Chapter, FigurePlan]]:
        return [(chapter, plan) for chapter in self.chapters for plan in chapter.figures]
