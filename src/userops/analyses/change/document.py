"""The question of a change: which figure, compared with when, divided by which properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, Union

from pydantic import Field, create_model, model_validator

from userops.analyses import breakdown
from userops.analyses.about import About, AnyQuestion, Definition, definitions
from userops.analyses.figures import Asked, Explaining, Figure, Standing
from userops.query.comparison import compared_range
from userops.query.dates import DateRange
from userops.query.scope import Scope
from userops.query.steps import BreakdownField
from userops.words import Words

if TYPE_CHECKING:
    from userops.analyses.analysis import Analysis

Compare = Literal["previous_period", "same_period_last_year", "same_weekdays", "chosen"]
WEEK = 7

PROBLEMS: dict[str, Words] = {
    "change_no_figure": Words(
        "这个问题没有可以拆解的数字：中位数、分位数、最大值、最小值和去重数不能按属性相加",
        "this question has no figure that divides: medians, quantiles, extremes and distinct values do "
        "not add up over the values of a property",
    ),
    "change_figure": Words(
        "figure 应为 question 中一个可拆解的数字，例如趋势的 A、漏斗的 step_2、留存的 period_1",
        "figure must be one of `question` that divides, such as A of a trend, step_2 of a funnel, "
        "period_1 of a retention",
    ),
    "change_base": Words(
        "compare 为 chosen 时需要 base_from（基期的第一天），其余方式不需要",
        "compare = chosen needs base_from (the first day of the base); other ways take none",
    ),
    **breakdown.PROBLEMS,
}


class Change(About):
    """Where a figure moved between two periods: by the values of properties, and by its factors."""

    explained: ClassVar[Mapping[str, Explaining]] = {}
    defined: ClassVar[Mapping[str, Definition]] = {}

    kind: Literal["change"] = "change"
    figure: str | None = Field(default=None, max_length=40)
    compare: Compare = "previous_period"
    base_from: date | None = None
    breakdown: tuple[BreakdownField, ...] = Field(default=(), max_length=20)
    standing: Standing = "first"
    top: int = Field(default=10, ge=2, le=50)
    min_size: int = Field(default=30, ge=1, le=1_000_000)

    @model_validator(mode="after")
    def explainable(self) -> Self:
        names = [each.name for each in self.figures()]
        if not names:
            raise ValueError("change_no_figure")
        if self.figure is not None and self.figure not in names:
            raise ValueError("change_figure")
        if (self.base_from is None) == (self.compare == "chosen"):
            raise ValueError("change_base")
        breakdown.check_once(self.breakdown)
        return self

    @property
    def explaining(self) -> Explaining:
        return self.explained[self.question.kind]

    def figures(self) -> list[Figure]:
        return self.explaining.figures(self.question)

    def chosen(self) -> Figure:
        """The figure that is asked for; the main one of the question when none is named."""
        figures = self.figures()
        return next((each for each in figures if each.name == self.figure), figures[0])

    def base(self) -> DateRange:
        """The period that a resolved range is compared with; of equal length, or as many months."""
        if self.compare == "same_weekdays":
            return self.range.earlier(-(-self.range.days // WEEK) * WEEK)
        if self.base_from is not None:
            return self.range.earlier((self.range.first - self.base_from).days)
        assert self.compare != "chosen"
        return compared_range(self.range, getattr(self.question, "unit", "day"), self.compare)

    def before_base(self) -> DateRange:
        """The period as long before the base as the base is before the range."""
        return self.base().earlier((self.range.first - self.base().first).days)

    def over(self, range_: DateRange, scope: Scope, **fields: Any) -> Asked:
        """The figure over a period, as its own analysis is asked."""
        question = self.asked().model_copy(update={"range": range_})
        return Asked(question, scope, self.chosen(), standing=self.standing, **fields)


def change_of(analyses: Iterable[Analysis]) -> type[Change]:
    """The document for the figures of these analyses."""
    known = [each for each in analyses if each.explaining is not None]
    kinds: Any = Union[tuple(each.document for each in known)]  # noqa: UP007
    question = Annotated[kinds, Field(discriminator="kind"), AnyQuestion]
    made = create_model(
        "Change",
        __base__=Change,
        __module__=__name__,
        __doc__=Change.__doc__,
        question=(question, ...),
    )
    made.explained = {each.kind: each.explaining for each in known if each.explaining is not None}
    made.defined = definitions(known)
    return made
