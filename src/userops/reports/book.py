"""The frozen figures of one report while its rules read them, and what rules find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from userops.analyses.table import Table
from userops.query.steps import OTHERS
from userops.reports.offered import Answered
from userops.reports.quoting import Quote, figures_in
from userops.reports.subject import Subject
from userops.words import Words

NOT_SET = Words("未设置", "not set")
OTHER_VALUES = Words("其他", "others")


@dataclass
class Frozen:
    """One figure: its result as it was answered, and the values that sentences quote of it."""

    key: str
    result: Mapping[str, Any]
    answer: Answered | None = None
    table: Table | None = None
    values: dict[str, dict[str, Any]] = field(default_factory=dict)

    def at(self, pointer: str) -> Any:
        """What stands at a place of the result: `series/0/total`. Raises `KeyError`, `IndexError`."""
        node: Any = self.result
        for part in pointer.split("/"):
            node = node[int(part)] if isinstance(node, list) else node[part]
        return node

    def quote(
        self, name: str, pointer: str, type_: str = "whole", *,
        k: str = "", n: str = "", interval: str = "", words: Words | None = None,
    ) -> Quote:  # fmt: skip
        """A cell of the result. `k`, `n` and `interval` are pointers too."""
        value = self.at(pointer)
        kept: dict[str, Any] = {"value": value, "type": type_, "pointer": pointer}
        for part, place in (("k", k), ("n", n)):
            if place:
                kept |= {part: self.at(place), f"{part}_pointer": place}
        if interval and self.at(interval) is not None:
            kept["low"], kept["high"] = self.at(interval)
            kept["interval_pointer"] = interval
        if words is not None:
            kept |= words.as_dict()
        return self._keep(name, kept)

    def named(self, name: str, pointer: str, labels: Mapping[str, Words] | None = None) -> Quote:
        """A cell that is a name, such as a channel, by what it is called."""
        value = str(self.at(pointer))
        words = (labels or {}).get(value) or SPECIAL.get(value) or Words(value, value)
        return self.quote(name, pointer, "text", words=words)

    def derived(self, name: str, value: Any, type_: str, *of: Quote, **more: Any) -> Quote:
        """A value that is computed from cells: a difference, a sum; `more`: k, n, low, high."""
        kept = {"value": value, "type": type_, "of": [f"{q.figure}.{q.name}" for q in of], **more}
        return self._keep(name, kept)

    def _keep(self, name: str, kept: dict[str, Any]) -> Quote:
        self.values[name] = kept
        return Quote(self.key, name, kept["value"])


SPECIAL: Mapping[str, Words] = {"": NOT_SET, OTHERS: OTHER_VALUES}

FindingStyle = Literal["lead", "fact", "finding", "body", "note", "action"]


@dataclass(frozen=True)
class Finding:
    """What a rule says, in both languages, with references for figures.

    - `key`: its own within the rule, the same from version to version.
    - `weight`: how much it matters; the heaviest findings stand on the first page.
    - `claim`: how much it may say of causes.
    """

    words: Words
    style: FindingStyle = "finding"
    key: str = ""
    tone: str = ""
    weight: float = 0.0
    claim: str = "correlation"
    chapter: str = ""
    rule: str = ""
    about: tuple[str, ...] = ()
    """Figures that it rests on beside those that it quotes."""

    @property
    def evidence(self) -> list[str]:
        return list(dict.fromkeys([*figures_in([self.words.zh, self.words.en]), *self.about]))


@dataclass
class Book:
    """The figures that could be computed, by key."""

    subject: Subject
    figures: dict[str, Frozen] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    """Those that were looked at, so that a table knows what it is made of."""

    def __getitem__(self, key: str) -> Frozen:
        self.read.add(key)
        return self.figures[key]

    def get(self, key: str) -> Frozen | None:
        self.read.add(key)
        return self.figures.get(key)

    def __contains__(self, key: str) -> bool:
        return key in self.figures

    def __iter__(self) -> Iterator[str]:
        return iter(self.figures)

    @property
    def values(self) -> dict[str, dict[str, dict[str, Any]]]:
        return {key: each.values for key, each in self.figures.items()}
