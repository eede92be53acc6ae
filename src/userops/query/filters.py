"""Filters: conditions on properties of events and of users, in AND / OR / NOT groups.

One record per operator owns its SQL, its label and its sentence, so they can never disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from userops.events.fact_names import is_segment
from userops.events.fact_rows import as_text, rows_sql
from userops.events.fields import BY_NAME
from userops.query.naming import shown, value_shown
from userops.query.sql import Values, all_of, any_of
from userops.words import Words

Of = Literal["event", "user"]
Value = str | float | int | bool
MAX_VALUES = 1_000

Shape = Literal["none", "text", "texts", "number", "two_numbers"]


@dataclass(frozen=True, slots=True)
class Operator:
    """`sql` gets the column as text, the column as number, and placeholders for its values."""

    name: str
    words: Words
    shape: Shape
    sql: Callable[[str, str, list[str]], str]


def _position(text: str, part: str) -> str:
    return f"positionCaseInsensitiveUTF8({text}, {part})"


def _between(number: str, bounds: list[str]) -> str:
    return f"{number} between {bounds[0]} and {bounds[1]}"


def _time(text: str) -> str:
    """Text as an instant; without an offset it is in the product's time zone."""
    return f"parseDateTime64BestEffortOrNull({text}, 3, {{timezone:String}})"


OPERATORS: tuple[Operator, ...] = (
    Operator("is", Words("等于", "is"), "texts", lambda t, n, v: f"{t} in {v[0]}"),
    Operator("is_not", Words("不等于", "is not"), "texts", lambda t, n, v: f"{t} not in {v[0]}"),
    Operator("contains", Words("包含", "contains"), "text", lambda t, n, v: f"{_position(t, v[0])} > 0"),
    Operator("not_contains", Words("不包含", "does not contain"), "text", lambda t, n, v: f"{_position(t, v[0])} = 0"),
    Operator("starts_with", Words("开头是", "starts with"), "text", lambda t, n, v: f"startsWith({t}, {v[0]})"),
    Operator("ends_with", Words("结尾是", "ends with"), "text", lambda t, n, v: f"endsWith({t}, {v[0]})"),
    Operator("matches", Words("匹配正则", "matches"), "text", lambda t, n, v: f"match({t}, {v[0]})"),
    Operator("set", Words("有值", "is set"), "none", lambda t, n, v: f"{t} != ''"),
    Operator("not_set", Words("没有值", "is not set"), "none", lambda t, n, v: f"{t} = ''"),
    Operator("eq", Words("=", "="), "number", lambda t, n, v: f"ifNull({n} = {v[0]}, 0)"),
    Operator("ne", Words("≠", "≠"), "number", lambda t, n, v: f"ifNull({n} != {v[0]}, 0)"),
    Operator("gt", Words(">", ">"), "number", lambda t, n, v: f"ifNull({n} > {v[0]}, 0)"),
    Operator("gte", Words("≥", "≥"), "number", lambda t, n, v: f"ifNull({n} >= {v[0]}, 0)"),
    Operator("lt", Words("<", "<"), "number", lambda t, n, v: f"ifNull({n} < {v[0]}, 0)"),
    Operator("lte", Words("≤", "≤"), "number", lambda t, n, v: f"ifNull({n} <= {v[0]}, 0)"),
    Operator("between", Words("介于", "between"), "two_numbers", lambda t, n, v: f"ifNull({_between(n, v)}, 0)"),
    Operator("before", Words("早于", "before"), "text", lambda t, n, v: f"ifNull({_time(t)} < {_time(v[0])}, 0)"),
    Operator("after", Words("晚于", "after"), "text", lambda t, n, v: f"ifNull({_time(t)} > {_time(v[0])}, 0)"),
)  # fmt: skip
OPERATOR: dict[str, Operator] = {operator.name: operator for operator in OPERATORS}
OperatorName = Literal[
    "is", "is_not", "contains", "not_contains", "starts_with", "ends_with", "matches", "set",
    "not_set", "eq", "ne", "gt", "gte", "lt", "lte", "between", "before", "after",
]  # fmt: skip


_IN_SEGMENT: dict[str, tuple[str, str]] = {
    "set": ("属于", "is in"),
    "not_set": ("不属于", "is not in"),
}

COUNTS: dict[Shape, tuple[int, int]] = {
    "none": (0, 0),
    "text": (1, 1),
    "texts": (1, MAX_VALUES),
    "number": (1, 1),
    "two_numbers": (2, 2),
}
"""How many values each shape takes, at least and at most."""


class Condition(BaseModel):
    """`{"property": "city", "op": "is", "value": ["上海", "北京"], "of": "event"}`"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    property: str = Field(min_length=1, max_length=200)
    op: OperatorName = "is"
    value: Value | tuple[Value, ...] | None = None
    of: Of = "event"

    @model_validator(mode="after")
    def fitting_value(self) -> Self:
        shape = OPERATOR[self.op].shape
        count = len(self.given())
        if count > MAX_VALUES:
            raise ValueError("filter_too_many_values")
        least, most = COUNTS[shape]
        numbers = shape in ("number", "two_numbers")
        if not least <= count <= most or (numbers and not all(_is_number(v) for v in self.given())):
            raise ValueError(f"filter_value_{shape}")
        if self.op == "matches":
            _check_pattern(str(self.given()[0]))
        return self

    def given(self) -> tuple[Value, ...]:
        """The values, however many."""
        if self.value is None:
            return ()
        return self.value if isinstance(self.value, tuple) else (self.value,)

    def describe(self) -> Words:
        if is_segment(self.property) and self.op in _IN_SEGMENT:
            name, (zh, en) = shown(self.property, self.of), _IN_SEGMENT[self.op]
            return Words(f"用户{zh}分群“{name.zh}”", f"user {en} segment “{name.en}”")
        operator = OPERATOR[self.op]
        words = [value_shown(self.property, as_text(value)) for value in self.given()]
        owner = Words("用户的", "user ") if self.of == "user" else Words("", "")
        name = shown(self.property, self.of)
        zh = f"{owner.zh}“{name.zh}”{operator.words.zh}{'、'.join(each.zh for each in words)}"
        en = f"{owner.en}“{name.en}” {operator.words.en} {', '.join(each.en for each in words)}"
        return Words(zh, en.rstrip())


class And(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    and_: tuple[Filter, ...] = Field(alias="and", max_length=50)

    def describe(self) -> Words:
        return _joined(self.and_, Words(" 且 ", " and "))


class Or(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    or_: tuple[Filter, ...] = Field(alias="or", max_length=50)

    def describe(self) -> Words:
        return _joined(self.or_, Words(" 或 ", " or "))


class Not(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    not_: Filter = Field(alias="not")

    def describe(self) -> Words:
        inner = self.not_.describe()
        return Words(f"非（{inner.zh}）", f"not ({inner.en})")


def _which(value: Any) -> str:
    # what is neither a document nor a filter is refused as a condition
    keys = value if isinstance(value, dict) else getattr(value, "__dict__", {})
    for name in ("and", "or", "not"):
        if name in keys or f"{name}_" in keys:
            return name
    return "condition"


Filter = Annotated[
    Annotated[And, Tag("and")]
    | Annotated[Or, Tag("or")]
    | Annotated[Not, Tag("not")]
    | Annotated[Condition, Tag("condition")],
    Discriminator(_which),
]
Filters = Annotated[tuple[Filter, ...], Field(max_length=50)]
"""A plain list means AND."""

And.model_rebuild()
Or.model_rebuild()
Not.model_rebuild()


def _joined(filters: tuple[Filter, ...], word: Words) -> Words:
    inner = [each.describe() for each in filters]
    return Words(
        "(" + word.zh.join(words.zh for words in inner) + ")",
        "(" + word.en.join(words.en for words in inner) + ")",
    )


def describe_filters(filters: tuple[Filter, ...]) -> Words:
    """The sentence of a list of filters; empty words for an empty list."""
    inner = [each.describe() for each in filters]
    return Words(" 且 ".join(w.zh for w in inner), " and ".join(w.en for w in inner))


_ESCAPED = frozenset("'`\\")
"""Characters that an identifier sent as a parameter cannot carry; such names take a slower way."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A property that every event has by its time, in the product's time zone."""

    name: str
    words: Words
    sql: str


MOMENTS: tuple[Moment, ...] = (
    Moment(
        "$hour", Words("小时", "Hour of the day"), "formatDateTime(ts, '%H', {timezone:String})"
    ),
    Moment(
        "$weekday",
        Words("星期（1 为周一）", "Weekday (1 is Monday)"),
        "toString(toDayOfWeek(ts, 0, {timezone:String}))",
    ),
)
MOMENT: dict[str, Moment] = {moment.name: moment for moment in MOMENTS}


def text_sql(property_: str, of: Of, values: Values) -> str:
    """The property of a row as text, '' when not set."""
    if of == "event" and property_ in MOMENT:
        return MOMENT[property_].sql
    field = BY_NAME.get(property_) if of == "event" else None
    if field is None:
        return f"toString({_stored_sql(property_, values)})"
    return field.name if field.type == "text" else f"ifNull(toString({field.name}), '')"


def _stored_sql(property_: str, values: Values) -> str:
    """A property without a column of its own, as it is stored: NULL when not set."""
    if set(property_) & _ESCAPED:
        return f"getSubcolumn(props, {values.text(property_)})"
    return f"props.{values.identifier(property_)}"


def given_sql(property_: str, of: Of, values: Values) -> str:
    """Whether a row has a property, as far as is known without making a text of it: in an `and`, what stands
    behind this is worked out for few rows."""
    if of == "event" and (property_ in MOMENT or property_ in BY_NAME):
        return "1"
    return f"isNotNull({_stored_sql(property_, values)})"


def number_sql(property_: str, of: Of, values: Values) -> str:
    """The property of a row as a number, NULL when it is none."""
    field = BY_NAME.get(property_) if of == "event" else None
    if field is not None and field.type == "number":
        return field.name
    return f"toFloat64OrNull({text_sql(property_, of, values)})"


def is_fact(property_: str, values: Values) -> bool:
    """Whether a property of users is a fact. Where a profile has one of the same name, the fact counts."""
    return property_ in values.facts()


def fact_sql(name: str, values: Values) -> str:
    """The statement for the `person` and `value` of a fact."""
    version = values.add(values.facts()[name], "UInt64")
    return rows_sql(values.person, values.text(name), version)


def condition_sql(filter_: Filter, values: Values, person: str) -> str:
    """A filter as a condition on a row of `events`. `person` is the scope's person expression."""
    if isinstance(filter_, And):
        return all_of([condition_sql(each, values, person) for each in filter_.and_])
    if isinstance(filter_, Or):
        return any_of([condition_sql(each, values, person) for each in filter_.or_])
    if isinstance(filter_, Not):
        return f"not ({condition_sql(filter_.not_, values, person)})"
    if filter_.of == "event":
        return _test_sql(filter_, values)
    chosen, negated = chosen_sql(filter_, values)
    return f"{person} {'not in' if negated else 'in'} ({chosen})"


def chosen_sql(condition: Condition, values: Values) -> tuple[str, bool]:
    """The statement for the persons that a condition on people chooses, and whether all others are meant."""
    fact = fact_sql(condition.property, values) if is_fact(condition.property, values) else None
    test = _test_sql(condition, values, "value" if fact else None)
    # "is not" and the like must also hold for people of whom nothing is known
    negated = condition.op in ("is_not", "not_contains", "not_set")
    if negated:
        test = f"not ({test})"
    # the pieces are constants of ours and placeholders
    if fact:
        return f"select person from ({fact}) where {test}", negated  # noqa: S608
    chosen = f"select person from profiles final where product = {{product:UInt32}} and not gone and ({test})"  # noqa: S608
    return chosen, negated


def _test_sql(condition: Condition, values: Values, column: str | None = None) -> str:
    """`column` holds the text, where it is not to be taken from a row by the property's name."""
    operator = OPERATOR[condition.op]
    text = column or text_sql(condition.property, condition.of, values)
    number = (
        f"toFloat64OrNull({column})"
        if column
        else number_sql(condition.property, condition.of, values)
    )
    if operator.shape == "texts":
        holders = [values.texts([as_text(value) for value in condition.given()])]
    elif operator.shape == "text":
        holders = [values.text(as_text(condition.given()[0]))]
    else:
        holders = [values.number(float(value)) for value in condition.given()]
    return operator.sql(text, number, holders)


def conditions_sql(filters: tuple[Filter, ...], values: Values, person: str) -> str:
    return all_of([condition_sql(each, values, person) for each in filters])


def _is_number(value: Value) -> bool:
    if isinstance(value, str):
        try:
            float(value)
        except ValueError:
            return False
    return not isinstance(value, bool)


def _check_pattern(pattern: str) -> None:
    import re

    try:
        re.compile(pattern)
    except re.error:
        raise ValueError("filter_pattern") from None
