"""What tells the events of sessions apart: the texts of their properties, as numbers in the order of text.

Texts that are few are part of the number that an event is read as. Where there are many, their hash comes along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from pathlib import Path
from typing import Protocol

import numpy as np

from userops.analyses.breakdown import Value
from userops.analyses.sessions.document import Sessions
from userops.analyses.timelines import Block, Ints
from userops.errors import DocumentError
from userops.query.scope import Scope
from userops.query.sql import Values, coded_sql, statement
from userops.words import Words

SQL = Path(__file__).parent / "sql"
FEW = 4_096
MANY = 1_000_000
UNKNOWN = -1


class Told(Protocol):
    """`values`: what each number stands for."""

    @property
    def values(self) -> Sequence[Value]: ...

    @property
    def bits(self) -> int:
        """How many the code takes."""

    def code_sql(self, document: Sessions, values: Values) -> str: ...

    def columns_sql(self, document: Sessions, values: Values) -> dict[str, str]: ...

    def of(self, block: Block) -> Ints:
        """The number of each event; `UNKNOWN` for one that came in after the texts were read."""


@dataclass(frozen=True)
class Few:
    """`texts`: of each property, in order. The code has one more for each, for any other text."""

    texts: Sequence[Sequence[str]]

    @property
    def values(self) -> Sequence[Value]:
        return list(product(*self.texts))

    @property
    def bits(self) -> int:
        return (prod(len(each) + 1 for each in self.texts) - 1).bit_length()

    def code_sql(self, document: Sessions, values: Values) -> str:
        code = "0"
        for text, texts in zip(texts_sql(document, values), self.texts, strict=True):
            number = coded_sql(text, texts, range(len(texts)), len(texts), values)
            code = f"({code}) * {len(texts) + 1} + {number}"
        return code

    def columns_sql(self, document: Sessions, values: Values) -> dict[str, str]:
        return {}

    def of(self, block: Block) -> Ints:
        return self._numbers[block.code]

    @cached_property
    def _numbers(self) -> Ints:
        """By code, the place among `values`."""
        sizes = [len(each) for each in self.texts]
        codes = product(*(range(size + 1) for size in sizes))
        known = [all(at < size for at, size in zip(code, sizes, strict=True)) for code in codes]
        return np.where(known, np.cumsum(known) - 1, UNKNOWN)


@dataclass(frozen=True)
class Many:
    """`hashes` ascend; `order`: the number that each stands for."""

    values: Sequence[Value]
    hashes: Ints
    order: Ints
    bits: int = 0

    def code_sql(self, document: Sessions, values: Values) -> str:
        return "0"

    def columns_sql(self, document: Sessions, values: Values) -> dict[str, str]:
        return {"told": hash_sql(texts_sql(document, values))}

    def of(self, block: Block) -> Ints:
        told = block.columns["told"]
        if not len(self.hashes):
            return np.full(len(told), UNKNOWN)
        found = np.minimum(np.searchsorted(self.hashes, told), len(self.hashes) - 1)
        return np.where(self.hashes[found] == told, self.order[found], UNKNOWN)


def texts_sql(document: Sessions, values: Values) -> list[str]:
    """The texts by which an event is told apart."""
    if document.at_places and document.place == "event":
        return ["event"]
    return [each.sql(values) for each in document.told_by() if each.of == "event"]


def hash_sql(texts: list[str]) -> str:
    return f"sipHash64({', '.join(f'toString({each})' for each in texts)})"


def told(document: Sessions, scope: Scope, begin: int, until: int) -> Told:
    """By what the events of a span (UTC ms) are told apart. Raises `DocumentError` for too many texts."""
    values = scope.values()
    texts = texts_sql(document, values)
    if not texts:
        return Few(())
    pieces = {
        "columns": ", ".join(
            f"groupUniqArray({FEW})(toString({each})) as t{at}" for at, each in enumerate(texts)
        ),
        "begin": values.instant(begin),
        "until": values.instant(until),
        "wanted": document.step().sql(values, scope.person),
    }
    row = scope.ask(statement(SQL / "texts.sql", pieces), values).to_pylist()[0]
    few = Few([sorted(row[f"t{at}"]) for at in range(len(texts))])
    return few if few.bits < FEW.bit_length() else _many(document, scope, begin, until)


def _many(document: Sessions, scope: Scope, begin: int, until: int) -> Many:
    values = scope.values()
    texts = texts_sql(document, values)
    pieces = {
        "number": hash_sql(texts),
        "columns": ", ".join(f"toString({each}) as t{at}" for at, each in enumerate(texts)),
        "begin": values.instant(begin),
        "until": values.instant(until),
        "wanted": document.step().sql(values, scope.person),
        "limit": str(MANY + 1),
    }
    table = scope.ask(statement(SQL / "many_texts.sql", pieces), values)
    if len(table) > MANY:
        raise DocumentError(
            Words(
                f"用来拆分的取值超过 {MANY:,} 种。",
                f"There are more than {MANY:,} values to break down by.",
            ),
            code="too_many_values",
            hint=Words(
                "换一个取值较少的属性，或缩短日期范围。",
                "Use a property with fewer values, or a shorter range.",
            ),
        )
    columns = [table.column(f"t{at}").to_pylist() for at in range(len(texts))]
    found = list(zip(*columns, strict=True))
    rank = sorted(range(len(found)), key=found.__getitem__)
    number = np.empty(len(found), np.int64)
    number[rank] = np.arange(len(found))
    hashes = table.column("number").to_numpy()
    ascending = np.argsort(hashes)
    return Many([found[at] for at in rank], hashes[ascending], number[ascending])
