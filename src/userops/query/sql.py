"""SQL is text of ours with values beside it: this is where the two are kept apart.

A `.sql` file holds the statement, with `$name` where a piece that depends on the document goes. Pieces
are built from constants of this package and from placeholders that `Values` hands out; a value or a
name from a user only ever travels as a server-side parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Template
from typing import Any


class Values:
    """The parameters of one statement, and the placeholders that stand for them.

    `facts`: the versions of the product's facts that count; `person`: the expression for the person
    behind a uid.
    """

    def __init__(
        self,
        facts: Callable[[], Mapping[str, int]] = dict,
        person: str = "uid",
        **fixed: Any,
    ):
        self.parameters: dict[str, Any] = dict(fixed)
        self.facts = facts
        self.person = person

    def add(self, value: Any, type_: str) -> str:
        """Register a value of a ClickHouse type; answers its placeholder, such as `{v3:String}`."""
        name = f"v{len(self.parameters)}"
        self.parameters[name] = value
        return f"{{{name}:{type_}}}"

    def text(self, value: str) -> str:
        return self.add(value, "String")

    def texts(self, values: list[str] | tuple[str, ...]) -> str:
        return self.add(list(values), "Array(String)")

    def number(self, value: float) -> str:
        return self.add(float(value), "Float64")

    def whole(self, value: int) -> str:
        return self.add(int(value), "Int64")

    def instant(self, at: int) -> str:
        """A moment in UTC milliseconds, as the engine's time."""
        return f"fromUnixTimestamp64Milli({self.whole(at)}, 'UTC')"

    def identifier(self, name: str) -> str:
        """A property's name as a column name; the engine quotes it."""
        return self.add(name, "Identifier")


def coded_sql(
    text: str, texts: Sequence[str], codes: Iterable[int], other: int, values: Values
) -> str:
    """The small number that stands for a text, an expression; `other` for one that is not among `texts`."""
    known, coded = values.texts(list(texts)), values.add(list(codes), "Array(UInt16)")
    return f"transform({text}, {known}, {coded}, toUInt16({other}))"


@cache
def _template(path: Path) -> Template:
    return Template(path.read_text(encoding="utf-8"))


def statement(path: Path, pieces: Mapping[str, str] | None = None) -> str:
    """The statement of a `.sql` file with its pieces in place. A missing piece is a KeyError."""
    return _template(path).substitute(pieces or {})


def all_of(conditions: list[str]) -> str:
    """Conditions joined by `and`; `1` when there is none."""
    return " and ".join(f"({condition})" for condition in conditions) or "1"


def any_of(conditions: list[str]) -> str:
    """Conditions joined by `or`; `0` when there is none."""
    return " or ".join(f"({condition})" for condition in conditions) or "0"
