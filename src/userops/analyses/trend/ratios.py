"""A formula as one sum of series, as a ratio of two such sums, or as a product: how it can be divided."""

from __future__ import annotations

from dataclasses import dataclass

from userops.analyses.trend.formulas import parse, read, tokens

Weights = tuple[float, ...]
"""By series, and last the constant."""


class NotLinearError(ValueError):
    """The formula is no ratio of sums of its series."""


@dataclass(frozen=True, slots=True)
class LinearRatio:
    """`above` / `below`, each a weighted sum of the series."""

    above: Weights
    below: Weights


class Linear:
    """Reads formulas into ratios of sums. Raises `NotLinearError`."""

    def __init__(self, series: int):
        self._series = series

    def number(self, value: float) -> LinearRatio:
        return LinearRatio((*self._nothing, value), (*self._nothing, 1.0))

    def letter(self, index: int) -> LinearRatio:
        weights = [0.0] * (self._series + 1)
        weights[index] = 1.0
        return LinearRatio(tuple(weights), (*self._nothing, 1.0))

    @property
    def _nothing(self) -> Weights:
        return (0.0,) * self._series

    def joined(self, left: LinearRatio, sign: str, right: LinearRatio) -> LinearRatio:
        if sign in "+-":
            if left.below != right.below:
                raise NotLinearError
            one = 1.0 if sign == "+" else -1.0
            above = tuple(a + one * b for a, b in zip(left.above, right.above, strict=True))
            return LinearRatio(above, left.below)
        if sign == "*" and _constant(left):
            left, right = right, left
        if _constant(right):
            factor = right.above[-1]
            if sign == "/" and not factor:
                raise NotLinearError
            factor = 1 / factor if sign == "/" else factor
            return LinearRatio(tuple(a * factor for a in left.above), left.below)
        if sign == "*" or not (_whole(left) and _whole(right)):
            raise NotLinearError
        return LinearRatio(left.above, right.above)


def _whole(each: LinearRatio) -> bool:
    return not any(each.below[:-1])


def _constant(each: LinearRatio) -> bool:
    return _whole(each) and not any(each.above[:-1])


def linear(formula: str, series: int) -> LinearRatio | None:
    """The formula as a ratio of sums of series without constants; `below` is 1 for a plain sum."""
    try:
        found = read(formula, series, Linear(series))
    except NotLinearError:
        return None
    constant = found.above[-1] or (found.below[-1] and any(found.below[:-1]))
    return None if constant or not any(found.above) else found


def factors(formula: str, series: int) -> list[str]:
    """The factors of a formula that is a product with `*` alone; empty for any other."""
    parts, depth = [""], 0
    for sign in tokens(formula):
        depth += (sign == "(") - (sign == ")")
        if not depth and sign in "+-/":
            return []
        if not depth and sign == "*":
            parts.append("")
        else:
            parts[-1] += sign
    for part in parts:
        parse(part, series)
    return parts if len(parts) > 1 else []
