"""What proves a pain point in behaviour: a document, validated once, saved with the point and frozen with each run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from userops.query.problems import document_error
from userops.query.steps import EventStep
from userops.words import Words

Trait = Literal["activity", "value", "tenure", "platform"]
TRAITS: tuple[Trait, ...] = ("activity", "value", "tenure", "platform")
TRAIT_WORDS: dict[str, Words] = {
    "activity": Words("活跃程度", "Activity"),
    "value": Words("此前消费", "Value before"),
    "tenure": Words("使用时长", "Tenure"),
    "platform": Words("平台", "Platform"),
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Need(_Part):
    """A need that the analysis of needs found: where the evidence comes from."""

    kind: Literal["search", "exit", "failure"]
    name: str = Field(min_length=1, max_length=200)
    more: str | None = Field(default=None, max_length=500)


class ByEvent(_Part):
    """Who did an event that only happens when it hurts: `{"kind": "event", "step": {"event": "pay_fail"}}`.
    `among`: an event that both sides did on that day, so that only those are compared who tried."""

    kind: Literal["event"] = "event"
    step: EventStep
    among: EventStep | None = None
    need: Need | None = None


class ByExit(_Part):
    """Who did `step` on a day and did not do `next` after their first `step` until the end of that day. Compared
    with others who did `step` on that day."""

    kind: Literal["exit"] = "exit"
    step: EventStep
    next: EventStep
    need: Need | None = None


class BySegment(_Part):
    """Who was in a segment at the end of the day before the range; hit on their first active day of the range."""

    kind: Literal["segment"] = "segment"
    segment: int = Field(ge=1)


Evidence = Annotated[ByEvent | ByExit | BySegment, Field(discriminator="kind")]


class Definition(_Part):
    """How a pain point is measured. `days`: full days looked at, until yesterday; `after`: days after the index day
    in which is looked what became of people; empty: the product's own window of churn. `matched`: traits in which
    those compared are alike; fewer find more matches, and compare less strictly."""

    version: Literal[1] = 1
    evidence: Evidence | None = None
    days: int = Field(default=60, ge=14, le=365)
    after: int | None = Field(default=None, ge=3, le=90)
    matched: tuple[Trait, ...] = Field(default=TRAITS, max_length=4)

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def parse(document: Mapping[str, Any]) -> Definition:
    """Raises `DocumentError` that says what, expected, got, how to mend."""
    try:
        return Definition.model_validate(document)
    except ValidationError as wrong:
        raise document_error(wrong, document) from None


def describe(evidence: Evidence | None, segment: str = "") -> Words:
    """The sentence that says who is hit. `segment`: the name of the segment that is meant."""
    if evidence is None:
        return Words(
            "没有行为证据：只看谁提交了工单。", "No behaviour evidence: only who wrote a ticket."
        )
    if isinstance(evidence, BySegment):
        return Words(
            f"统计期前一天属于分群“{segment or evidence.segment}”的用户。",
            f"Users who were in the segment “{segment or evidence.segment}” on the day before the range.",
        )
    step = evidence.step.describe()
    if isinstance(evidence, ByExit):
        after = evidence.next.describe()
        return Words(
            f"当天做过{step.zh}、此后到当天结束没有做{after.zh}的用户。",
            f"Users who did {step.en} on a day and no {after.en} after it until the end of that day.",
        )
    if evidence.among is None:
        return Words(f"做过{step.zh}的用户。", f"Users who did {step.en}.")
    among = evidence.among.describe()
    return Words(
        f"做过{step.zh}的用户；只与当天同样做过{among.zh}的用户比较。",
        f"Users who did {step.en}; compared only with users who did {among.en} on the same day.",
    )
