"""The number of an answer that somebody chose: what several analyses' selections have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from userops.analyses.breakdown import Value, tuples_sql
from userops.errors import DocumentError
from userops.query.axis import Axis
from userops.query.dates import DateRange
from userops.query.sql import Values
from userops.words import Words


class _Compared(Protocol):
    """A document of one range, perhaps compared with another."""

    @property
    def range(self) -> DateRange: ...

    def compared_range(self) -> DateRange | None: ...


class Selection(BaseModel):
    """`{"start": "2024-02-01", "breakdown": {"city": "上海"}, "comparison": true}`: the number of that period and
    value, in the range that is compared with. Analyses add what else tells their numbers apart."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    EXAMPLE: ClassVar[str] = '{"start": "2024-02-01"}'
    """As the hint of an error shows it."""

    start: str | None = None
    breakdown: dict[str, str] = Field(default_factory=dict)
    comparison: bool = False

    @classmethod
    def of(cls, selection: Mapping[str, Any], names: Sequence[str]) -> Self:
        """`names`: of the breakdown of the document. Raises `DocumentError`."""
        try:
            chosen = cls.model_validate(dict(selection))
        except ValidationError as wrong:
            where = ".".join(str(part) for part in wrong.errors()[0]["loc"])
            raise cls.wrong(f"{where} 的格式不对", f"{where} is not in the right form") from None
        if chosen.breakdown and set(chosen.breakdown) != set(names):
            raise cls.wrong(f"breakdown 应包含 {names}", f"breakdown must hold {names}")
        return chosen

    @classmethod
    def wrong(cls, zh: str, en: str) -> DocumentError:
        return DocumentError(
            Words(f"选择不正确：{zh}。", f"The selection is wrong: {en}."),
            code="selection_invalid",
            hint=Words(f"格式如 {cls.EXAMPLE}。", f"It reads like {cls.EXAMPLE}."),
        )

    def range_of(self, document: _Compared) -> DateRange:
        """The range that the number is of."""
        if not self.comparison:
            return document.range
        compared = document.compared_range()
        if compared is None:
            raise self.wrong("文档没有对比", "the document compares with nothing")
        return compared

    def place_in(self, axis: Axis | None) -> int:
        """The number of the period that begins at `start`."""
        starts = [each.key() for each in axis.buckets] if axis else []
        if self.start not in starts:
            raise self.wrong(
                "start 应为结果中的一个区间", "start must be an interval of the result"
            )
        return starts.index(self.start)

    def value_of(self, names: Sequence[str]) -> Value:
        """The value of the breakdown, in the order of its properties."""
        return tuple(self.breakdown[name] for name in names)

    def cell_sql(self, axis: Axis | None, names: Sequence[str], values: Values) -> list[str]:
        """The conditions on the columns `period` and `value` of a statement."""
        conditions = []
        if self.start is not None:
            conditions.append(f"period = {values.whole(self.place_in(axis))}")
        if self.breakdown:
            chosen = tuples_sql((self.value_of(names),), len(names), values)
            conditions.append(f"value in {chosen}")
        return conditions
