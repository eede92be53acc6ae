"""The records of a builder's form: controls in a tree, in front and folded away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_HALF = 16
"""Signs that fit into half a column; Chinese ones count twice."""


@dataclass
class Control:
    """One control. `template` names the file in `fields/` that draws it; `inputs` are pairs of a
    parameter's name and its text."""

    template: str
    path: str
    label: str
    help: str = ""
    name: str = ""
    text: str = ""
    value: Any = None
    options: list[tuple[str, str]] = field(default_factory=list)
    inputs: list[tuple[str, str]] = field(default_factory=list)
    children: list[Control] = field(default_factory=list)
    fields: list[Control] = field(default_factory=list)
    blank: str = ""
    low: Any = ""
    high: Any = ""
    position: int = 0
    pick: str = ""
    used: bool = False
    errors: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return "f-" + (self.name or self.path).replace(".", "-").replace("~", "")

    @property
    def wide(self) -> bool:
        """Whether half a column is too narrow for its options."""
        return any(
            sum(1 + (sign > "\u2e7f") for sign in label) > _HALF for _, label in self.options
        )

    @property
    def file(self) -> str:
        return f"insights/builder/fields/{self.template}.html"

    def descendants(self) -> Iterator[Control]:
        for each in [*self.children, *self.fields]:
            yield each
            yield from each.descendants()


@dataclass(frozen=True)
class Form:
    """The controls of a document: in front, and folded away."""

    main: list[Control]
    more: list[Control]

    def __iter__(self) -> Iterator[Control]:
        for each in [*self.main, *self.more]:
            yield each
            yield from each.descendants()

    @property
    def more_used(self) -> int:
        """How many of the folded options say more than their default."""
        return sum(each.used for each in self.more)

    @property
    def more_wrong(self) -> bool:
        return any(part.errors for each in self.more for part in (each, *each.descendants()))
