"""The funnel document: which steps, how they must follow, what is counted."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from userops.query.dates import Unit
from userops.query.document import Document
from userops.query.durations import MAX_DAYS, UNIT_MS, milliseconds_in
from userops.query.steps import BreakdownField, EventStep
from userops.words import Words

MAX_STEPS = 20
MAX_OPTIONAL = 4
SAME_DAY = "same_day"

Order = Literal["ordered", "strict", "any_order"]

PROBLEMS: dict[str, Words] = {
    "funnel_window": Words(
        f"转化窗口应形如 30m、24h、7d 或 same_day，且不超过 {MAX_DAYS} 天",
        f"a window is like 30m, 24h, 7d or same_day, and at most {MAX_DAYS} days",
    ),
    "funnel_first_optional": Words("第一步不能是可选步骤", "the first step cannot be optional"),
    "funnel_optional_many": Words(
        f"可选步骤至多 {MAX_OPTIONAL} 个", f"at most {MAX_OPTIONAL} steps can be optional"
    ),
    "funnel_optional_order": Words(
        "可选步骤只能用于按顺序的漏斗（ordered）", "optional steps need the order “ordered”"
    ),
    "funnel_exclusion_steps": Words(
        "排除事件的 from 应小于 to，且都是漏斗中的必选步骤",
        "an exclusion's from must be less than its to, and both must be steps that are not optional",
    ),
    "funnel_exclusion_order": Words(
        "任意顺序的漏斗只能在整个转化过程中排除事件，不能指定 from 或 to",
        "with any_order an exclusion holds for the whole attempt: leave out from and to",
    ),
    "funnel_breakdown_at": Words(
        "breakdown_at 应为 first、last 或漏斗中某一步的序号",
        "breakdown_at must be first, last, or the number of a step of the funnel",
    ),
    "funnel_breakdown_order": Words(
        "任意顺序的漏斗只能按 first 或 last 取属性值",
        "with any_order a breakdown is taken at first or last",
    ),
    "funnel_counts_only": Words(
        "counts_only 只能用于按顺序、按用户、没有其他选项和拆分的漏斗",
        "counts_only needs an ordered funnel of users without further options or breakdown",
    ),
}


class FunnelStep(EventStep):
    """An event step; `"optional": true` when it may be skipped."""

    optional: bool = False


class Exclusion(EventStep):
    """An event that must not happen after step `from` and before step `to` (1-based; whole attempt
    by default)."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    from_: int = Field(default=1, alias="from", ge=1, le=MAX_STEPS)
    to: int | None = Field(default=None, ge=2, le=MAX_STEPS)


def _step(value: object) -> object:
    return {"event": value} if isinstance(value, str) else value


def _property(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Property = Annotated[str, Field(min_length=1, max_length=200)]


class FunnelDocument(Document):
    """How many users go from step to step. The law of each field is in this folder's README."""

    kind: Literal["funnel"] = "funnel"
    steps: tuple[Annotated[FunnelStep, BeforeValidator(_step)], ...] = Field(
        min_length=1, max_length=MAX_STEPS
    )
    window: str = "7d"
    order: Order = "ordered"
    first_entry: bool = False
    exclusions: tuple[Exclusion, ...] = Field(default=(), max_length=10)
    exclusion_mode: Literal["drop", "stop"] = "drop"
    hold_constant: Annotated[
        tuple[Property, ...], BeforeValidator(_property), Field(max_length=3)
    ] = ()
    count: Literal["users", "sessions"] = "users"
    breakdown: tuple[BreakdownField, ...] = Field(default=(), max_length=3)
    breakdown_at: Literal["first", "last"] | Annotated[int, Field(ge=1, le=MAX_STEPS)] = "first"
    breakdown_limit: int = Field(default=10, ge=1, le=200)
    unit: Unit = "day"
    view: Literal["steps", "trend", "times"] = "steps"
    counts_only: bool = False

    @property
    def window_ms(self) -> int | None:
        """Milliseconds; None for the same day."""
        return milliseconds_in(self.window)

    @property
    def optional(self) -> tuple[int, ...]:
        """Positions of the optional steps, from 0."""
        return tuple(at for at, step in enumerate(self.steps) if step.optional)

    def span(self, exclusion: Exclusion) -> tuple[int, int]:
        """The steps, from 0, between which an exclusion holds."""
        required = [at for at, step in enumerate(self.steps) if not step.optional]
        return exclusion.from_ - 1, required[-1] if exclusion.to is None else exclusion.to - 1

    @property
    def simple(self) -> bool:
        """Whether one aggregate function of the engine can answer it."""
        options = (
            self.first_entry,
            self.exclusions,
            self.hold_constant,
            self.optional,
            self.breakdown,
        )
        plain = self.order == "ordered" and self.count == "users" and self.window_ms is not None
        return plain and not any(options)

    @model_validator(mode="after")
    def possible(self) -> Self:
        window = self.window_ms
        if self.window != SAME_DAY and (window is None or window > MAX_DAYS * UNIT_MS["d"]):
            raise ValueError("funnel_window")
        if self.counts_only and not self.simple:
            raise ValueError("funnel_counts_only")
        self._check_optional()
        self._check_exclusions()
        if isinstance(self.breakdown_at, int):
            if self.order == "any_order":
                raise ValueError("funnel_breakdown_order")
            if self.breakdown_at > len(self.steps):
                raise ValueError("funnel_breakdown_at")
        return self

    def _check_optional(self) -> None:
        if self.optional and self.order != "ordered":
            raise ValueError("funnel_optional_order")
        if 0 in self.optional:
            raise ValueError("funnel_first_optional")
        if len(self.optional) > MAX_OPTIONAL:
            raise ValueError("funnel_optional_many")

    def _check_exclusions(self) -> None:
        for each in self.exclusions:
            if self.order == "any_order":
                if each.from_ != 1 or each.to is not None:
                    raise ValueError("funnel_exclusion_order")
                continue
            begin, end = self.span(each)
            inside = (
                end < len(self.steps) and begin not in self.optional and end not in self.optional
            )
            if not inside or (begin >= end and len(self.steps) > 1):
                raise ValueError("funnel_exclusion_steps")
