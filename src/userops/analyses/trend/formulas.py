"""Formulas over series: `A/B*100`. Letters name the series in order; nothing is run as code.

sum     = product {("+" | "-") product}
product = factor {("*" | "/") factor}
factor  = ["-" | "+"] (number | letter | "(" sum ")")
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from userops.analyses.trend.measures import Figure

MAX_LENGTH = 200
MAX_DEPTH = 20
LETTERS = 26
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d*)?|\.\d+)|([A-Za-z])|([-+*/()]))")

Computation = Callable[[Sequence[Figure]], Figure]
"""The figures of the series, in order, to the figure of the formula; unknown where undefined."""


def letter(index: int) -> str:
    """How a formula names a series: A for the first."""
    return chr(ord("A") + index)


Node = TypeVar("Node")


class Algebra(Protocol[Node]):
    """What a formula is read into."""

    def number(self, value: float) -> Node: ...

    def letter(self, index: int) -> Node: ...

    def joined(self, left: Node, sign: str, right: Node) -> Node: ...


def parse(text: str, series: int) -> Computation:
    """A formula over so many series. Raises `ValueError("formula_syntax" | "formula_series")`."""
    return read(text, series, _Computing())


def read(text: str, series: int, algebra: Algebra[Node]) -> Node:
    """A formula in an algebra. Raises as `parse` does, and whatever the algebra raises."""
    reader = _Reader(tokens(text), series, algebra)
    formula = reader.sum()
    reader.end()
    return formula


def tokens(text: str) -> list[str]:
    found_tokens, position = [], 0
    text = text.rstrip()
    if len(text) > MAX_LENGTH:
        raise ValueError("formula_syntax")
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise ValueError("formula_syntax")
        found_tokens.append(found.group(1) or found.group(2) or found.group(3))
        position = found.end()
    return found_tokens


def _divide(above: float, below: float) -> Figure:
    return above / below if below else None


_JOINS: dict[str, Callable[[float, float], Figure]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
}


class _Reader(Generic[Node]):
    """Reads tokens from left to right. Brackets nest at most `MAX_DEPTH` deep."""

    def __init__(self, found: list[str], series: int, algebra: Algebra[Node]):
        self._tokens = found
        self._algebra = algebra
        self._series = series
        self._at = 0
        self._depth = 0

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        word = self._peek()
        self._at += 1
        return word

    def end(self) -> None:
        if self._peek():
            raise ValueError("formula_syntax")

    def sum(self) -> Node:
        return self._chain(self._product, "+-")

    def _product(self) -> Node:
        return self._chain(self._factor, "*/")

    def _chain(self, part: Callable[[], Node], signs: str) -> Node:
        left = part()
        while self._peek() and self._peek() in signs:
            left = self._algebra.joined(left, self._take(), part())
        return left

    def _factor(self) -> Node:
        word = self._take()
        if word in ("-", "+"):
            inner = self._factor()
            return self._algebra.joined(
                self._algebra.number(-1.0 if word == "-" else 1.0), "*", inner
            )
        if word == "(":
            return self._bracket()
        if word.isalpha():
            return self._letter(word)
        if not word or word in ")*/":
            raise ValueError("formula_syntax")
        return self._algebra.number(float(word))

    def _bracket(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ValueError("formula_syntax")
        inner = self.sum()
        if self._take() != ")":
            raise ValueError("formula_syntax")
        self._depth -= 1
        return inner

    def _letter(self, word: str) -> Node:
        index = ord(word.upper()) - ord("A")
        if index >= self._series:
            raise ValueError("formula_series")
        return self._algebra.letter(index)


class _Computing:
    """Formulas as functions of the figures."""

    def number(self, value: float) -> Computation:
        return lambda _figures: value

    def letter(self, index: int) -> Computation:
        return lambda figures: figures[index]

    def joined(self, left: Computation, sign: str, right: Computation) -> Computation:
        return _joined(left, _JOINS[sign], right)


def _joined(
    left: Computation, join: Callable[[float, float], Figure], right: Computation
) -> Computation:
    def joined(figures: Sequence[Figure]) -> Figure:
        a, b = left(figures), right(figures)
        if a is None or b is None:
            return None
        value = join(a, b)
        return value if value is None or math.isfinite(value) else None

    return joined
