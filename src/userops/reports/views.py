"""How a figure is read: its columns, rows and chart in each language, frozen with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from userops.analyses.answering import Answer, parse
from userops.analyses.table import Column, Table
from userops.events.models import Product
from userops.insights.builder.choices import Choices
from userops.insights.builder.drawing import option
from userops.insights.builder.naming import with_names
from userops.insights.builder.shown import readable
from userops.query.document import Document
from userops.query.naming import naming
from userops.reports.offered import Answered
from userops.words import Words

LANGUAGES = {"zh": "zh-hans", "en": "en"}
ALL = Words("全部", "All")
_QUOTED = re.compile(r"(^|[^=] |[^= ])“([^”]+)”")
_WORD = re.compile(r"(?<![\w.$])[a-z][a-z0-9_]*(?![\w.])", re.ASCII)
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
"""A space that stood beside a key has no place beside a Chinese name."""
NAMED = ("label", "event")
"""Where results repeat the name of an event."""


@dataclass(frozen=True)
class Catalogue:
    """A product's display names in both languages, read once for a report."""

    choices: Mapping[str, Choices]

    @classmethod
    def of(cls, product: Product) -> Catalogue:
        return cls({short: Choices(product, code) for short, code in LANGUAGES.items()})


def views_of(found: Answered, catalogue: Catalogue, product: Product) -> dict[str, Any]:
    """By language: how an answer of either kind is read."""
    if isinstance(found, Answer):
        return views_of_answer(found, catalogue, product)
    return {short: _view_of_records(found, code) for short, code in LANGUAGES.items()}


def _view_of_records(found: Answered, language: str) -> dict[str, Any]:
    return {
        **view_of_table(found.table(), language),
        "chart": found.chart(language) or None,
        "definition": found.definition.text(language),
    }


def views_of_answer(answer: Answer, catalogue: Catalogue, product: Product) -> dict[str, Any]:
    """By language: the answer in the catalogue's words."""
    found = {}
    for (short, code), choices in zip(LANGUAGES.items(), catalogue.choices.values(), strict=True):
        named = _in_words(answer, choices)
        found[short] = _view(named, choices, option(named, code, product))
    return found


def _in_words(answer: Answer, choices: Choices) -> Answer:
    """The same answer with the display names of events; no figure changes."""
    labels = choices.event_labels
    document: Document = parse(with_names(answer.document, choices))[1]
    result = answer.analysis.page.named(document, _relabelled(answer.result, labels), labels)
    names = {**choices.words, **answer.names}
    with naming(names):
        definition = answer.analysis.definition(document)
    return replace(answer, document=document, result=result, definition=definition, names=names)


def _relabelled(node: Any, labels: Mapping[str, str]) -> Any:
    if isinstance(node, list):
        return [_relabelled(each, labels) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: labels.get(value, value)
        if key in NAMED and isinstance(value, str)
        else _relabelled(value, labels)
        for key, value in node.items()
    }


def _view(answer: Answer, choices: Choices, chart: dict[str, Any]) -> dict[str, Any]:
    view = view_of_table(readable(answer, choices), choices.language)
    parted = bool(answer.document.as_json().get("breakdown"))
    labels = _labels(choices)
    for line in view["rows"]:
        # the row of all cohorts together
        if line and line[0] is None and any(cell is not None for cell in line[1:]):
            line[0] = ALL.text(choices.language)
    return {
        **view,
        "chart": _axes_in_words(chart, labels),
        "whole": answer.analysis.page.whole(answer.result) if parted else 0,
        "definition": in_words(answer.definition.text(choices.language), labels),
    }


def _labels(choices: Choices) -> dict[str, str]:
    """The display names of events and of their properties, by their keys."""
    properties = {each.value: each.label for each in choices.properties("event")}
    return {
        key: label for key, label in {**properties, **choices.event_labels}.items() if label != key
    }


def in_words(text: str, labels: Mapping[str, str]) -> str:
    """A sentence with the display names of what it quotes by its key; a key beside its name stays."""
    return _QUOTED.sub(lambda each: f"{each[1]}“{labels.get(each[2], each[2])}”", text)


def _axes_in_words(chart: dict[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    """What axes are called; other names join parts of a chart, and stay."""
    found = dict(chart)
    for which in ("xAxis", "yAxis"):
        axes = chart.get(which)
        several = axes if isinstance(axes, list) else [axes] if isinstance(axes, dict) else []
        named = [{**axis, **_axis_name(axis, labels)} for axis in several]
        if named:
            found[which] = named if isinstance(axes, list) else named[0]
    return found


def _axis_name(axis: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, str]:
    name = axis.get("name")
    if not isinstance(name, str):
        return {}
    told = _WORD.sub(lambda each: labels.get(each[0], each[0]), name)
    return {"name": told if told == name else _BETWEEN.sub("", told)}


def renamed(node: Any, words: Mapping[str, str]) -> Any:
    """A chart, or columns, in which whole texts are called otherwise, also where a comparison is said of them."""
    if isinstance(node, list):
        return [renamed(each, words) for each in node]
    if isinstance(node, dict):
        return {key: renamed(each, words) for key, each in node.items()}
    return _renamed(node, words) if isinstance(node, str) else node


def _renamed(text: str, words: Mapping[str, str]) -> str:
    for key, other in words.items():
        if text == key or text.startswith(tuple(f"{key}{mark}" for mark in _COMPARED)):
            return other + text[len(key) :]
    return text


_COMPARED = (" · ", "：", ": ")
"""What stands between a line's name and the period that it is compared with."""


def view_of_table(table: Table, language: str) -> dict[str, Any]:
    """Columns and rows as JSON."""
    return {
        "columns": [
            {"name": column.name, "title": column.words.text(language), "type": _type(column)}
            for column in table.columns
        ],
        "rows": [
            [
                _plain(column.shown(cell, language))
                for column, cell in zip(table.columns, row, strict=True)
            ]
            for row in table.rows
        ],
        "chart": None,
        "whole": 0,
    }


def _type(column: Column) -> str:
    return "text" if column.type in ("property", "code") else column.type


def _plain(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, date | datetime) else cell
