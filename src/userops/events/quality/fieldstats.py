"""What is seen in one column: missing, different, odd and most frequent values."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from dataclasses import field as part

import numpy as np
import polars as pl

from userops.events.quality.sketches import DistinctSketch, NumberSketch, ValueCounts
from userops.events.repeating import as_text, counted
from userops.events.texts import byte_rows

SHAPE_LENGTH = 32
MAX_SHAPES = 200
_OTHER = "text"
_NUMBER = r"^[-+]?\d+(\.\d*)?([eE][-+]?\d+)?$"
_CODE = r"^0\d"


@dataclass(frozen=True, slots=True)
class FieldStats:
    """Sufficient statistics of a column; those of two parts of a file add up to those of the whole.

    `shapes` counts the form of short values, each run of digits written as `#` (`C536379` is `C#`).
    """

    name: str
    rows: int = 0
    missing: int = 0
    shortest: int | None = None
    longest: int = 0
    values: ValueCounts = part(default_factory=ValueCounts)
    distinct: DistinctSketch = part(default_factory=DistinctSketch)
    numbers: NumberSketch = part(default_factory=NumberSketch)
    shapes: Counter[str] = part(default_factory=Counter)

    @classmethod
    def of(cls, values: pl.Series) -> FieldStats:
        """`values`: cleaned text, null where missing; as a typed frame of an import has it."""
        if values.dtype == pl.Datetime:
            return cls._of_instants(values)
        different = _different(values)
        texts, weights = different["value"], different["count"]
        lengths = texts.str.len_chars()
        return cls(
            name=values.name,
            rows=len(values),
            missing=values.null_count(),
            shortest=_whole(lengths.min()),
            longest=_whole(lengths.max()) or 0,
            values=ValueCounts.counted(different),
            distinct=DistinctSketch.of(texts),
            numbers=_numbers(texts, weights),
            shapes=_shapes(texts, weights),
        )

    @classmethod
    def _of_instants(cls, values: pl.Series) -> FieldStats:
        """As of their texts (`repeating.iso_texts`), which are all alike."""
        numbers = values.drop_nulls().to_physical()
        counted = numbers.alias("value").value_counts(name="count")
        counted = counted.with_columns(pl.col("count").cast(pl.Int64))
        most = ValueCounts.counted(counted)
        texts = as_text(most.counts["value"].cast(values.dtype))
        length = _whole(texts.str.len_chars().max())
        return cls(
            name=values.name,
            rows=len(values),
            missing=values.null_count(),
            shortest=length,
            longest=length or 0,
            values=ValueCounts(most.counts.with_columns(value=texts), most.exact),
            distinct=DistinctSketch.of(counted["value"]),
            shapes=Counter({_OTHER: len(numbers)} if len(numbers) else {}),
        )

    def __add__(self, other: FieldStats) -> FieldStats:
        shortest = [n for n in (self.shortest, other.shortest) if n is not None]
        return FieldStats(
            name=self.name,
            rows=self.rows + other.rows,
            missing=self.missing + other.missing,
            shortest=min(shortest) if shortest else None,
            longest=max(self.longest, other.longest),
            values=self.values + other.values,
            distinct=self.distinct + other.distinct,
            numbers=self.numbers + other.numbers,
            shapes=_bounded(self.shapes + other.shapes),
        )

    @property
    def filled(self) -> int:
        return self.rows - self.missing

    @property
    def distinct_count(self) -> int:
        """Exact up to `sketches.EXACT_VALUES` different values, else an estimate."""
        return len(self.values.counts) if self.values.exact else self.distinct.estimate

    @property
    def is_numeric(self) -> bool:
        """At least 95 of 100 values are numbers, so that a mean says something."""
        return self.filled > 0 and self.numbers.count >= 0.95 * self.filled


def _different(values: pl.Series) -> pl.DataFrame:
    """The columns value and count (Int64): each text once."""
    if isinstance(values.dtype, pl.Enum):
        return counted(values)
    texts = values.drop_nulls().alias("value")
    counts = texts.value_counts(name="count")
    return counts.with_columns(pl.col("count").cast(pl.Int64))


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int) else None


def _numbers(texts: pl.Series, weights: pl.Series) -> NumberSketch:
    """`00123` is a code, not a number."""
    read = texts.cast(pl.Float64, strict=False)
    if read.null_count() == len(texts):  # far cheaper than to look at each of them
        return NumberSketch()
    number = read.is_not_null() & texts.str.contains(_NUMBER) & ~texts.str.contains(_CODE)
    values = read.filter(number).to_numpy()
    counts = weights.filter(number).to_numpy()
    finite = np.isfinite(values)
    return NumberSketch.of(values[finite], counts[finite])


def _shapes(texts: pl.Series, weights: pl.Series) -> Counter[str]:
    short = texts.str.len_chars() <= SHAPE_LENGTH
    total, brief = int(weights.sum()), texts.filter(short)
    shapes = Counter({_OTHER: total - int(weights.filter(short).sum())})
    if len(brief):
        first = brief.head(1) if _are_of_one_form(brief) else brief
        frame = pl.DataFrame({"v": first, "n": weights.filter(short)[: len(first)]})
        digits = pl.col("v").str.replace_all(r"\d+", "#")
        signs = digits.str.replace_all("#", "", literal=True).str.len_chars()
        shape = pl.when(signs <= 4).then(digits).otherwise(pl.lit(_OTHER))
        counted = frame.group_by(shape.alias("s")).agg(pl.col("n").sum())
        shapes.update({str(s): int(n) for s, n in counted.iter_rows()})
        if len(first) < len(brief):
            shapes[str(counted["s"][0])] += total - shapes.total()
    return _bounded(+shapes)


def _are_of_one_form(texts: pl.Series) -> bool:
    """Texts of one length in bytes, all ASCII, with their digits and other signs in the same places:
    times and codes mostly are, and one of them then shows the shape of all."""
    width = texts.head(1).str.len_bytes().item()
    if not width or (texts.str.len_bytes() != width).any():
        return False
    signs = byte_rows(texts, width)
    plain = np.where(signs - np.uint8(ord("0")) < 10, np.uint8(ord("#")), signs)
    return bool(signs.max() < 128 and (plain == plain[0]).all())


def _bounded(shapes: Counter[str]) -> Counter[str]:
    """Free text has as many shapes as values: only a code's few shapes say something."""
    if len(shapes) <= MAX_SHAPES:
        return shapes
    return Counter({_OTHER: shapes.total()})


def share(count: int, whole: int) -> float:
    """From 0 to 1; 0 of nothing."""
    return count / whole if whole else 0.0


def finite(number: float | None) -> float | None:
    """None for what JSON cannot write."""
    return number if number is not None and math.isfinite(number) else None
