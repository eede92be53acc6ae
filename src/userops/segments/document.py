"""The segment document: a tree of and, or and not over what people did, are, and belong to.

```json
{"product": "shop", "where": {"and": [
  {"who": "did", "event": "pay_success", "op": "gte", "value": 2, "range": {"last": 30}},
  {"not": {"who": "user", "property": "level", "op": "is", "value": "gold"}}
]}}
```
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    field_validator,
    model_validator,
)

from userops.analyses.answering import parse as parse_question
from userops.errors import DocumentError
from userops.query.dates import DateRange
from userops.query.durations import Span
from userops.query.filters import Condition
from userops.query.problems import document_error
from userops.query.steps import ANY_EVENT, EventName, EventStep
from userops.words import Words

MOST_LEAVES = 100
ALL_TIME = DateRange(preset="all_time")

Measure = Literal["times", "days", "sum", "average"]
Comparison = Literal["gte", "lte", "eq", "between", "none"]

CALLED = Words("分群条件", "The segment")
WHO = "did, sequence, first, last, user, segment, list, behind"

PROBLEMS: dict[str, Words] = {
    "segment_who": Words(f"who 应为以下之一：{WHO}", f"who must be one of {WHO}"),
    "segment_property": Words(
        "求和与均值需要 property；次数与天数不需要",
        "a sum or an average needs a property; times and days take none",
    ),
    "segment_none": Words(
        "“没有做过”只用于次数，且不需要 value",
        "“none” goes with times, and takes no value",
    ),
    "segment_high": Words(
        "介于（between）需要 value 和不小于它的 high；其他比较不需要 high",
        "“between” needs a value and a high that is not below it; other comparisons take no high",
    ),
    "segment_whole": Words(
        "次数与天数应为不小于 0 的整数", "times and days are whole numbers from 0"
    ),
    "segment_question": Words(
        "question 应为一个正确的查询文档，且属于同一产品",
        "the question must be a valid query document of the same product",
    ),
    "segment_leaves": Words(
        f"一个分群至多 {MOST_LEAVES} 个条件", f"a segment has at most {MOST_LEAVES} conditions"
    ),
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Did(EventStep):
    """Who did an event so many times, on so many days, or with such a sum or average, in a range. Who did
    not do it at all has 0 times and 0 days, but neither a sum nor an average."""

    who: Literal["did"] = "did"
    event: EventName | Annotated[tuple[EventName, ...], Field(min_length=1, max_length=50)] = (
        ANY_EVENT
    )
    measure: Measure = "times"
    property: str | None = Field(default=None, min_length=1, max_length=200)
    op: Comparison = "gte"
    value: float | None = Field(default=None, allow_inf_nan=False)
    high: float | None = Field(default=None, allow_inf_nan=False)
    range: DateRange = ALL_TIME

    @model_validator(mode="after")
    def fitting(self) -> Self:
        if (self.measure in ("sum", "average")) != (self.property is not None):
            raise ValueError("segment_property")
        if self.op == "none" and (self.measure != "times" or self.value is not None):
            raise ValueError("segment_none")
        if (self.op == "between") != (self.high is not None):
            raise ValueError("segment_high")
        if self.high is not None and self.high < self.least():
            raise ValueError("segment_high")
        counted = [each for each in (self.value, self.high) if each is not None]
        if self.measure in ("times", "days") and any(
            each < 0 or each != int(each) for each in counted
        ):
            raise ValueError("segment_whole")
        return self

    def least(self) -> float:
        """What the figure is compared with; 1 where nothing is said."""
        return 1.0 if self.value is None else self.value

    def holds(self, figure: float) -> bool:
        """Whether a figure satisfies the comparison."""
        if self.op == "none":
            return figure == 0
        if self.op == "between":
            assert self.high is not None
            return self.least() <= figure <= self.high
        if self.op == "gte":
            return figure >= self.least()
        return figure <= self.least() if self.op == "lte" else figure == self.least()


class Sequence(_Part):
    """Who did events one after another: the first in the range, the others within the window after it. No
    event serves two steps; simultaneous events are read in the order that helps."""

    who: Literal["sequence"] = "sequence"
    steps: tuple[
        Annotated[EventStep, BeforeValidator(lambda v: {"event": v} if isinstance(v, str) else v)],
        ...,
    ] = Field(min_length=2, max_length=10)
    window: Span = "7d"
    range: DateRange = ALL_TIME


class Timed(EventStep):
    """Whose first, or last, time of an event lies in a range."""

    who: Literal["first", "last"]
    event: EventName | Annotated[tuple[EventName, ...], Field(min_length=1, max_length=50)] = (
        ANY_EVENT
    )
    range: DateRange


class OfUser(Condition):
    """Who has a property, a computed fact or a tag, as it is known today."""

    who: Literal["user"] = "user"
    of: Literal["user"] = "user"


class InSegment(_Part):
    who: Literal["segment"] = "segment"
    segment: int = Field(ge=1)


class Listed(_Part):
    """Who is in an uploaded list."""

    who: Literal["list"] = "list"
    list: str = Field(min_length=1, max_length=190)


class Behind(_Part):
    """Who is behind one number of an analysis."""

    who: Literal["behind"] = "behind"
    question: dict[str, Any]
    selection: dict[str, Any] = {}

    @field_validator("question")
    @classmethod
    def valid(cls, given: dict[str, Any]) -> dict[str, Any]:
        try:
            parse_question(given)
        except DocumentError:
            raise ValueError("segment_question") from None
        return given


class And(_Part):
    and_: tuple[Node, ...] = Field(alias="and", max_length=MOST_LEAVES)


class Or(_Part):
    or_: tuple[Node, ...] = Field(alias="or", max_length=MOST_LEAVES)


class Not(_Part):
    not_: Node = Field(alias="not")


Leaf = Did | Sequence | Timed | OfUser | InSegment | Listed | Behind
LEAVES: dict[str, type[BaseModel]] = {
    "did": Did,
    "sequence": Sequence,
    "first": Timed,
    "last": Timed,
    "user": OfUser,
    "segment": InSegment,
    "list": Listed,
    "behind": Behind,
}


def _which(value: Any) -> str | None:
    """Which part a node is; None where `who` is none that there is."""
    keys = value if isinstance(value, dict) else getattr(value, "__dict__", {})
    for name in ("and", "or", "not"):
        if name in keys or f"{name}_" in keys:
            return name
    who = str(keys.get("who", "did"))
    return "timed" if who in ("first", "last") else who if who in LEAVES else None


Node = Annotated[
    Annotated[And, Tag("and")]
    | Annotated[Or, Tag("or")]
    | Annotated[Not, Tag("not")]
    | Annotated[Did, Tag("did")]
    | Annotated[Sequence, Tag("sequence")]
    | Annotated[Timed, Tag("timed")]
    | Annotated[OfUser, Tag("user")]
    | Annotated[InSegment, Tag("segment")]
    | Annotated[Listed, Tag("list")]
    | Annotated[Behind, Tag("behind")],
    Discriminator(_which, custom_error_type="segment_who", custom_error_message="segment_who"),
]
for _group in (And, Or, Not):
    _group.model_rebuild()


class Segment(_Part):
    """Which users of a product. Everybody, where nothing is asked."""

    version: int = Field(default=1, ge=1, le=1)
    product: str = Field(min_length=1, max_length=63)
    where: Node = And.model_validate({"and": []})

    @model_validator(mode="after")
    def within_limits(self) -> Self:
        if sum(1 for _ in leaves(self.where)) > MOST_LEAVES:
            raise ValueError("segment_leaves")
        for leaf in leaves(self.where):
            if isinstance(leaf, Behind) and leaf.question.get("product") != self.product:
                raise ValueError("segment_question")
        return self

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def hash(self) -> str:
        text = orjson.dumps(self.as_json(), option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(text).hexdigest()[:16]

    def segments(self) -> set[int]:
        """The segments that this one names."""
        return {leaf.segment for leaf in leaves(self.where) if isinstance(leaf, InSegment)}

    def lists(self) -> set[str]:
        """The uploaded lists that this one names."""
        return {leaf.list for leaf in leaves(self.where) if isinstance(leaf, Listed)}


def leaves(node: Any) -> Iterator[Leaf]:
    """The conditions of a tree, in order."""
    if isinstance(node, And | Or):
        for each in node.and_ if isinstance(node, And) else node.or_:
            yield from leaves(each)
    elif isinstance(node, Not):
        yield from leaves(node.not_)
    else:
        yield node


def parse(document: Mapping[str, Any] | Any) -> Segment:
    """Validate a document. Raises `DocumentError` that says what, expected, got, how to mend."""
    if not isinstance(document, Mapping):
        raise DocumentError(
            Words("分群文档应为 JSON 对象。", "A segment document must be a JSON object."),
            code="document_not_an_object",
        )
    try:
        return Segment.model_validate(document)
    except ValidationError as wrong:
        raise document_error(wrong, document, PROBLEMS, "segments", CALLED) from None
    except RecursionError:
        raise DocumentError(
            Words("分群文档嵌套过深。", "The segment document nests too deeply.")
        ) from None
