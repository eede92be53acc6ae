"""A wrong document in words: where, what was expected, what came, how to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from userops.errors import DocumentError
from userops.words import Words

OURS: dict[str, Words] = {
    "range_form": Words(
        '日期范围应为以下之一：{"from": …, "to": …}、{"last": 30, "unit": "day"}、{"preset": "this_month"}',
        'a range is one of {"from": …, "to": …}, {"last": 30, "unit": "day"}, {"preset": "this_month"}',
    ),
    "range_order": Words("开始日期应不晚于结束日期", "the range must not end before it begins"),
    "range_years": Words(
        "日期应在 1970-01-01 与 2148-12-31 之间", "dates lie between 1970-01-01 and 2148-12-31"
    ),
    "filter_too_many_values": Words("筛选值过多（上限 1000）", "at most 1000 values in one filter"),
    "filter_value_none": Words("该操作符不需要值", "this operator takes no value"),
    "filter_value_text": Words("该操作符需要一个值", "this operator takes one value"),
    "filter_value_texts": Words("该操作符至少需要一个值", "this operator takes at least one value"),
    "filter_value_number": Words("该操作符需要一个数字", "this operator takes one number"),
    "filter_value_two_numbers": Words("该操作符需要两个数字", "this operator takes two numbers"),
    "span": Words(
        "时长应形如 30m、24h、7d，且不超过 3660 天",
        "a span of time is like 30m, 24h or 7d, and at most 3660 days",
    ),
    "filter_pattern": Words("正则表达式不正确", "the regular expression is not valid"),
}
"""Messages of our own validators, by the code that they raise as `ValueError(code)`. An analysis brings
further ones as its `problems`."""

MOMENT = Words(
    "应为时间，如 2026-01-31T08:00:00+08:00", "expected a time such as 2026-01-31T08:00:00+08:00"
)
TYPES: dict[str, Words] = {
    "missing": Words("缺少必填字段", "this field is required"),
    "extra_forbidden": Words("没有这个字段", "there is no such field"),
    "literal_error": Words("应为 {expected} 之一", "expected one of {expected}"),
    "enum": Words("应为 {expected} 之一", "expected one of {expected}"),
    "string_type": Words("应为文本", "expected text"),
    "int_type": Words("应为整数", "expected a whole number"),
    "int_parsing": Words("应为整数", "expected a whole number"),
    "int_from_float": Words("应为整数", "expected a whole number"),
    "float_type": Words("应为数字", "expected a number"),
    "float_parsing": Words("应为数字", "expected a number"),
    "bool_type": Words("应为 true 或 false", "expected true or false"),
    "bool_parsing": Words("应为 true 或 false", "expected true or false"),
    "date_from_datetime_parsing": Words(
        "应为日期，如 2026-01-31", "expected a date such as 2026-01-31"
    ),
    "date_parsing": Words("应为日期，如 2026-01-31", "expected a date such as 2026-01-31"),
    "date_type": Words("应为日期，如 2026-01-31", "expected a date such as 2026-01-31"),
    "greater_than_equal": Words("应不小于 {ge}", "must be at least {ge}"),
    "less_than_equal": Words("应不大于 {le}", "must be at most {le}"),
    "greater_than": Words("应大于 {gt}", "must be greater than {gt}"),
    "less_than": Words("应小于 {lt}", "must be less than {lt}"),
    "too_short": Words("至少 {min_length} 项", "at least {min_length} items"),
    "too_long": Words("至多 {max_length} 项", "at most {max_length} items"),
    "string_too_short": Words("不能为空", "must not be empty"),
    "string_too_long": Words("至多 {max_length} 个字符", "at most {max_length} characters"),
    "string_pattern_mismatch": Words("格式不正确", "is not in the right form"),
    "model_type": Words("应为对象", "expected an object"),
    "model_attributes_type": Words("应为对象", "expected an object"),
    "dict_type": Words("应为对象", "expected an object"),
    "tuple_type": Words("应为列表", "expected a list"),
    "list_type": Words("应为列表", "expected a list"),
    "recursion_loop": Words("嵌套过深", "nests too deeply"),
    "datetime_from_date_parsing": MOMENT,
    "datetime_parsing": MOMENT,
    "datetime_type": MOMENT,
    "union_tag_invalid": Words(
        "{discriminator} 应为 {expected_tags} 之一",
        "{discriminator} must be one of {expected_tags}",
    ),
    "union_tag_not_found": Words(
        "缺少字段 {discriminator}", "the field {discriminator} is missing"
    ),
    "finite_number": Words("应为有限数字", "expected a finite number"),
}


LONGEST_PLACE = 200
QUERY = Words("查询文档", "The query document")


def document_error(
    wrong: ValidationError,
    document: Any,
    ours: Mapping[str, Words] | None = None,
    reference: str = "analyses",
    called: Words = QUERY,
) -> DocumentError:
    """One of ours for pydantic's: the first problem in the sentence, all of them in `data`. `reference`: the
    page of the documentation that describes such documents, which are `called` so."""
    known = {**OURS, **(ours or {})}
    problems = [problem(_place(each, document), each, known) for each in wrong.errors()]
    return DocumentError(
        problem_words(problems[0], called),
        hint=Words(
            f"文档格式见 docs/reference/{reference}.md。",
            f"See docs/reference/{reference}.md for the form.",
        ),
        problems=problems,
    )


def problem(
    place: Sequence[int | str], error: ErrorDetails, ours: Mapping[str, Words] = OURS
) -> dict[str, Any]:
    """Where, what was expected in both languages, what came."""
    field = ".".join(map(str, place)) or "document"
    if len(field) > LONGEST_PLACE:
        field = f"{field[:150]}…{field[-40:]}"
    words = _words(error, ours)
    got = "nothing" if error["type"] == "missing" else repr(error.get("input"))
    return {"field": field, "zh": words.zh, "en": words.en, "got": got[:200], "type": error["type"]}


def problem_words(told: Mapping[str, Any], called: Words) -> Words:
    """A problem in a sentence about what is `called` so."""
    said = expectation(told)
    return Words(
        f"{called.zh}的 {told['field']} 不正确：{said.zh}。",
        f"{called.en} is wrong at {told['field']}: {said.en}.",
    )


def expectation(told: Mapping[str, Any]) -> Words:
    """What was expected, and what came."""
    zh = told["zh"] if told["type"] == "missing" else f"{told['zh']}；实际为 {told['got']}"
    return Words(zh, f"{told['en']}; got {told['got']}")


def _place(error: ErrorDetails, document: Any) -> list[int | str]:
    """Where in the document, without the names that pydantic gives the alternatives of a field."""
    place: list[int | str] = []
    here = document
    for part in error["loc"]:
        if _has(here, part):
            here = here[part]
            place.append(part)
    return [*place, error["loc"][-1]] if error["type"] == "missing" else place


def _has(here: Any, part: int | str) -> bool:
    if isinstance(here, list | tuple):
        return isinstance(part, int) and part < len(here)
    return isinstance(here, Mapping) and part in here


def _words(error: ErrorDetails, ours: Mapping[str, Words]) -> Words:
    if error["type"] == "value_error":
        code = str(error["ctx"]["error"])
        return ours.get(code, Words(code, code))
    found = ours.get(error["type"]) or TYPES.get(error["type"])
    if found is None:
        return Words(f"不符合要求（{error['msg']}）", error["msg"])
    values = {key: str(value) for key, value in error.get("ctx", {}).items()}
    listed = {key: value.replace(" or ", "、").replace(", ", "、") for key, value in values.items()}
    return Words(found.zh.format(**listed), found.en.format(**values))
