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


def parse(text: str, series: int) -> Computation:
    """A formula over so many series. Raises `ValueError("formula_syntax" | "formula_series")`."""
    reader = _Reader(_tokens(text), series)
    formula = reader.sum()
    reader.end()
    return formula


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    text = text.rstrip()
    if len(text) > MAX_LENGTH:
        raise ValueError("formula_syntax")
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise ValueError("formula_syntax")
        tokens.append(found.group(1) or found.group(2) or found.group(3))
        position = found.end()
    return tokens


def _divide(above: float, below: float) -> Figure:
    return above / below if below else None


_SUMS: dict[str, Callable[[float, float], Figure]] = {"+": operator.add, "-": operator.sub}
_PRODUCTS: dict[str, Callable[[float, float], Figure]] = {"*": operator.mul, "/": _divide}


class _Reader:
    """Reads tokens from left to right. Brackets nest at most `MAX_DEPTH` deep."""

    def __init__(self, tokens: list[str], series: int):
        self._tokens = tokens
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

    def sum(self) -> Computation:
        return self._chain(self._product, _SUMS)

    def _product(self) -> Computation:
        return self._chain(self._factor, _PRODUCTS)

    def _chain(
        self, part: Callable[[], Computation], signs: dict[str, Callable[[float, float], Figure]]
    ) -> Computation:
        left = part()
        while self._peek() in signs:
            left = _joined(left, signs[self._take()], part())
        return left

    def _factor(self) -> Computation:
        word = self._take()
        if word in ("-", "+"):
            inner = self._factor()
            return _joined(_constant(-1.0 if word == "-" else 1.0), operator.mul, inner)
        if word == "(":
            return self._bracket()
        if word.isalpha():
            return self._letter(word)
        if not word or word in ")*/":
            raise ValueError("formula_syntax")
        return _constant(float(word))

    def _bracket(self) -> Computation:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ValueError("formula_syntax")
        inner = self.sum()
        if self._take() != ")":
            raise ValueError("formula_syntax")
        self._depth -= 1
        return inner

    def _letter(self, word: str) -> Computation:
        index = ord(word.upper()) - ord("A")
        if index >= self._series:
            raise ValueError("formula_series")
        return lambda figures: figures[index]


def _constant(value: float) -> Computation:
    return lambda _figures: value


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
