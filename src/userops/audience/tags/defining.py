"""What a tag may be: names, values and definitions checked one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from userops.audience.tags.models import Kind
from userops.audience.tags.selecting import document_of
from userops.errors import Refused
from userops.events.models import Product
from userops.query.problems import document_error
from userops.words import Words

LONGEST_NAME = 60
LONGEST_VALUE = 60
MOST_VALUES = 200
YES = "$yes"
"""The value of a tag without values of its own: it is on."""

CALLED = Words("标签定义", "The tag’s definition")
PROBLEMS: dict[str, Words] = {
    "tag_no_cuts": Words("按分界值分档至少需要一个分界值", "cuts needs one cut point at least"),
    "tag_cuts_rise": Words("分界值应逐个增大", "cut points rise"),
}

M = TypeVar("M", bound=BaseModel)
Number = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]


class Rule(BaseModel):
    """Whoever is in the segment, and in none of the rules before, has the value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: str = Field(default=YES, min_length=1, max_length=LONGEST_VALUE)
    segment: dict[str, Any]


class Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[Rule, ...] = Field(min_length=1, max_length=50)


class Figure(BaseModel):
    """A value by a figure of each person: by cut points, or by quantiles of those who have the figure.

    `property`: a computed fact such as `$amount`, or a user property that is a number. n rising cut points make
    n + 1 values, lowest first; a figure on a cut point stands above it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    property: str = Field(min_length=1, max_length=200)
    by: Literal["cuts", "quantiles"] = "quantiles"
    cuts: tuple[Number, ...] = Field(default=(), max_length=19)
    quantiles: int = Field(default=4, ge=2, le=20)

    @model_validator(mode="after")
    def rising(self) -> Self:
        if self.by == "cuts" and not self.cuts:
            raise ValueError("tag_no_cuts")
        if any(after <= before for before, after in pairwise(self.cuts)):
            raise ValueError("tag_cuts_rise")
        return self

    def steps(self) -> int:
        """How many values it makes."""
        return len(self.cuts) + 1 if self.by == "cuts" else self.quantiles


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a tag should be. `values` may be empty: it is on or off."""

    name: str
    kind: str = Kind.MANUAL
    description: str = ""
    values: tuple[str, ...] = ()
    definition: Mapping[str, Any] = field(default_factory=dict)
    personal: bool | None = None
    """Whether its values say who somebody is; None leaves that as it is, at first as the name says."""


def name_of(text: str) -> str:
    """Raises `Refused` for a name that no document could carry."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not set(name).isdisjoint("/\x00"):
        raise Refused(
            Words(
                f"标签名应为 1 到 {LONGEST_NAME} 个字符，且不含“/”；实际为 {text[:80]!r}。",
                f"A tag’s name has 1 to {LONGEST_NAME} characters and no “/”; got {text[:80]!r}.",
            ),
            code="tag_name_invalid",
        )
    return name


def values_of(texts: Iterable[str]) -> list[str]:
    """The values without blanks and repetitions. Raises `Refused`."""
    found = list(dict.fromkeys(text for each in texts if (text := " ".join(str(each).split()))))
    wrong = [each for each in found if len(each) > LONGEST_VALUE or each.startswith("$")]
    if wrong or len(found) > MOST_VALUES:
        raise Refused(
            Words(
                f"最多 {MOST_VALUES} 个取值，每个 1 到 {LONGEST_VALUE} 个字符，不以“$”开头"
                + (f"；实际有 {wrong[0][:80]!r}。" if wrong else f"；实际有 {len(found)} 个。"),
                f"At most {MOST_VALUES} values of 1 to {LONGEST_VALUE} characters that do not begin with “$”"
                + (f"; got {wrong[0][:80]!r}." if wrong else f"; got {len(found)}."),
            ),
            code="tag_values_invalid",
        )
    return found


def definition_of(
    product: Product, wanted: Wanted, values: list[str]
) -> tuple[dict[str, Any], list[str]]:
    """The definition as it is kept, and the values that go with it. Raises `Refused`, `DocumentError`."""
    if wanted.kind == Kind.RULE:
        rules = _parsed(Rules, wanted.definition)
        for rule in rules.rules:
            document_of(product, rule.segment)
        named = list(dict.fromkeys(rule.value for rule in rules.rules))
        return rules.model_dump(mode="json"), [] if named == [YES] else values_of(named)
    if wanted.kind == Kind.COMPUTED:
        figure = _parsed(Figure, wanted.definition)
        named = values or default_values(figure)
        if len(named) != figure.steps():
            raise Refused(
                Words(
                    f"这样分档得到 {figure.steps()} 档，需要 {figure.steps()} 个不同的取值；实际有 {len(named)} 个。",
                    f"This makes {figure.steps()} steps and needs as many different values; got {len(named)}.",
                ),
                code="tag_values_count",
            )
        return figure.model_dump(mode="json"), named
    if wanted.definition:
        raise Refused(
            Words("这类标签没有定义。", "Tags of this kind have no definition."),
            code="tag_definition_invalid",
        )
    return {}, values


def default_values(figure: Figure) -> list[str]:
    """`<100`, `100–500`, `≥500`; quantiles as `1/4` … `4/4`, the highest last."""
    if figure.by == "quantiles":
        return [f"{step}/{figure.quantiles}" for step in range(1, figure.quantiles + 1)]
    texts = [f"{cut:g}" for cut in figure.cuts]
    between = [f"{low}–{high}" for low, high in pairwise(texts)]
    return [f"<{texts[0]}", *between, f"≥{texts[-1]}"]


def _parsed(model: type[M], given: Mapping[str, Any]) -> M:
    try:
        return model.model_validate(given)
    except ValidationError as wrong:
        raise document_error(wrong, given, PROBLEMS, "facts-and-tags", CALLED) from None
