"""The reference page of the analyses, made from the registry, the documents' schemas, the examples
and the README of each analysis. `python -m userops.analyses.reference` writes it.

Each folder has a `README.md` and a `README.zh-CN.md`; the one beside this file holds what all share.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from inspect import getfile
from pathlib import Path
from typing import Any

from userops.analyses.analysis import Analysis
from userops.analyses.registry import ANALYSES
from userops.query.dates import PRESET_WORDS
from userops.query.filters import OPERATORS
from userops.words import Words

HERE = Path(__file__).parent
FILES: dict[str, str] = {"en": "analyses.md", "zh": "analyses.zh-CN.md"}
READMES: dict[str, str] = {"en": "README.md", "zh": "README.zh-CN.md"}
Schema = Mapping[str, Any]

_NAMES: dict[str, Words] = {
    "DateRange": Words("日期范围", "date range"),
    "And": Words("筛选条件", "filter"),
    "Or": Words("筛选条件", "filter"),
    "Not": Words("筛选条件", "filter"),
    "Condition": Words("筛选条件", "filter"),
    "Breakdown": Words("拆分属性", "breakdown"),
}
"""Parts that all analyses share; the README beside this file explains them."""
_TYPES: dict[str, Words] = {
    "string": Words("文本", "text"),
    "integer": Words("整数", "whole number"),
    "number": Words("数字", "number"),
    "boolean": Words("true 或 false", "true or false"),
    "object": Words("对象", "object"),
}
_SHAPES: dict[str, Words] = {
    "none": Words("无", "none"),
    "text": Words("一个值", "one value"),
    "texts": Words("一个或多个值", "one or more values"),
    "number": Words("一个数字", "one number"),
    "two_numbers": Words("两个数字", "two numbers"),
}
_FIELD_HEAD = Words("字段 | 类型 | 默认值", "field | type | default")
_REQUIRED = Words("必填", "required")
_LIST = Words("{}列表", "list of {}")
_EXAMPLE = Words("示例", "Example")
_DOCUMENT = Words("查询文档", "Document")
_OPERATORS = Words("筛选操作符", "Filter operators")
_OPERATOR_HEAD = Words("`op` | 含义 | 值", "`op` | meaning | value")
_PRESETS = Words("日期预设", "Date presets")
_PRESET_HEAD = Words("`preset` | 含义", "`preset` | meaning")
_MADE = Words(
    "本页由 `python -m userops.analyses.reference` 生成，请勿手工修改。",
    "This page is made by `python -m userops.analyses.reference`; do not edit it by hand.",
)


def folder_of(analysis: Analysis) -> Path:
    """Where an analysis lives: the folder of its document class."""
    return Path(getfile(analysis.document)).parent


def explained(analysis: Analysis) -> bool:
    """Whether an analysis has a README; without one it is not on the page (a test asks for it)."""
    return (folder_of(analysis) / READMES["en"]).exists()


def render(language: str) -> str:
    """The whole page in `en` or `zh`."""
    parts = [
        f"<!-- {_MADE.text(language)} -->",
        _readme(HERE, language),
        _operators(language),
        _presets(language),
        *(_analysis(each, language) for each in ANALYSES if explained(each)),
    ]
    return "\n\n".join(parts) + "\n"


def _readme(folder: Path, language: str) -> str:
    """The README in a language; in English while it is not translated (a test asks for both)."""
    path = folder / READMES[language]
    return (path if path.exists() else folder / READMES["en"]).read_text(encoding="utf-8").strip()


def _table(head: str, rows: list[str]) -> str:
    rule = "|".join("---" for _ in head.split(" | "))
    return "\n".join([f"| {head} |", f"|{rule}|", *(f"| {row} |" for row in rows)])


def _operators(language: str) -> str:
    rows = [
        f"`{each.name}` | {each.words.text(language)} | {_SHAPES[each.shape].text(language)}"
        for each in OPERATORS
    ]
    title = _OPERATORS.text(language)
    return f"### {title}\n{_table(_OPERATOR_HEAD.text(language), rows)}"


def _presets(language: str) -> str:
    rows = [f"`{name}` | {words.text(language)}" for name, words in PRESET_WORDS.items()]
    return f"### {_PRESETS.text(language)}\n{_table(_PRESET_HEAD.text(language), rows)}"


def _analysis(analysis: Analysis, language: str) -> str:
    """The README one heading deeper, then the fields, then the example and its definition."""
    schema = analysis.document.model_json_schema(by_alias=True)
    text = _readme(folder_of(analysis), language)
    deeper = "\n".join(
        f"#{line}" if line.startswith("#") and not inside else line
        for line, inside in _with_fences(text)
    )
    own = {name: each for name, each in schema.get("$defs", {}).items() if name not in _NAMES}
    tables = [f"### {_DOCUMENT.text(language)}\n{_fields(schema, language)}"]
    tables += [f"#### `{name}`\n{_fields(each, language)}" for name, each in own.items()]
    return "\n\n".join([deeper, *tables, _example(analysis, language)])


def _with_fences(text: str) -> list[tuple[str, bool]]:
    """Each line, and whether it stands inside a code block."""
    lines, inside = [], False
    for line in text.splitlines():
        inside ^= line.startswith("```")
        lines.append((line, inside))
    return lines


def _example(analysis: Analysis, language: str) -> str:
    text = json.dumps(analysis.example, ensure_ascii=False, indent=2)
    question = analysis.document.model_validate(dict(analysis.example))
    definition = analysis.describe(question).text(language)
    return f"### {_EXAMPLE.text(language)}\n```json\n{text}\n```\n\n> {definition}"


def _fields(schema: Schema, language: str) -> str:
    required = schema.get("required", [])
    rows = []
    for name, each in schema["properties"].items():
        default = _REQUIRED.text(language) if name in required else _default(each)
        rows.append(f"`{name}` | {_type(each, language)} | {default}")
    return _table(_FIELD_HEAD.text(language), rows)


def _default(schema: Schema) -> str:
    value = schema.get("default")
    if isinstance(value, dict):
        value = {key: each for key, each in value.items() if each not in (None, False)}
    return "" if value is None else f"`{json.dumps(value, ensure_ascii=False)}`"


def _type(schema: Schema, language: str) -> str:
    """A schema in words; alternatives joined, nothing said of null."""
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        words = [_type(each, language) for each in options if each.get("type") != "null"]
        return " / ".join(dict.fromkeys(words))
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _NAMES[name].text(language) if name in _NAMES else f"`{name}`"
    if "const" in schema or "enum" in schema:
        return " ".join(f"`{each}`" for each in schema.get("enum") or [schema["const"]])
    if "prefixItems" in schema:
        return f"[{', '.join(_type(each, language) for each in schema['prefixItems'])}]"
    if schema.get("type") == "array":
        return _LIST.text(language).format(_type(schema["items"], language)) + _bounds(schema)
    if schema.get("format") == "date":
        return Words("日期", "date").text(language)
    return _TYPES[schema.get("type", "object")].text(language) + _bounds(schema)


def _bounds(schema: Schema) -> str:
    """` 1…20` where the schema bounds a number or the length of a list."""
    least = schema.get("minimum", schema.get("minItems"))
    most = schema.get("maximum", schema.get("maxItems"))
    if most is None or least == most:
        return ""
    return f" {least or 0}…{most}"


def main() -> None:
    """Write the pages into the checkout's docs."""
    folder = HERE.parents[2] / "docs" / "reference"
    for language, name in FILES.items():
        (folder / name).write_text(render(language), encoding="utf-8")


if __name__ == "__main__":
    main()
