"""What the templates of the builder ask for: options of a choice, words of an operator, cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from userops.insights.builder import labels
from userops.insights.builder.choices import Choice, Choices
from userops.publishing import numbers
from userops.query.codes import CODES, code_words
from userops.query.filters import OPERATORS
from userops.query.steps import ANY_EVENT, OTHERS
from userops.web.templatetags import figures

register = template.Library()


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    hint: str = ""
    selected: bool = False


@dataclass(frozen=True, slots=True)
class OptionGroup:
    label: str
    options: list[Option]


def _offered(choices: Iterable[Choice], present: str, prefix: str = "") -> list[Option]:
    return [
        Option(prefix + each.value, each.label, each.hint, prefix + each.value == present)
        for each in choices
    ]


def _with_present(options: list[Option], present: str, label: str) -> list[Option]:
    """A name that the catalogue does not know (or hides) stays chosen."""
    if present and not any(each.selected for each in options):
        return [Option(present, label, "", True), *options]
    return options


@register.simple_tag
def event_options(choices: Choices, present: str) -> list[Option]:
    label = choices.event_labels.get(present, present)
    return _with_present(_offered(choices.events, present), present, label)


@register.simple_tag
def name_options(choices: Choices, of: str, present: str) -> list[Option]:
    """Events or properties, each by one name: “any event” is none."""
    if of == "property":
        return property_options(choices, present)
    return [
        each for each in event_options(choices, present) if each.selected or each.value != ANY_EVENT
    ]


@register.simple_tag
def property_options(choices: Choices, present: str) -> list[Option]:
    return _with_present(_offered(choices.properties("event"), present), present, present)


@register.simple_tag
def pick_options(choices: Choices, present: str) -> list[OptionGroup]:
    """Properties of events and of users, as `event:city` and `user:city`."""
    groups = [
        OptionGroup(_("Of the event"), _offered(choices.properties("event"), present, "event:")),
        OptionGroup(_("Of the user"), _offered(choices.properties("user"), present, "user:")),
    ]
    known = any(each.selected for group in groups for each in group.options)
    if present and not known:
        groups.insert(0, OptionGroup("", [Option(present, present.partition(":")[2], "", True)]))
    return [group for group in groups if group.options]


@register.simple_tag
def value_options(choices: Choices, pick: str, present: str) -> list[Option]:
    """The values of a property whose values are codes, by their words; none of one whose values people type."""
    found = _offered(choices.values(pick), present)
    if found or present in CODES:
        return _with_present(found, present, code_words(present).text(choices.language))
    return []


@register.simple_tag
def operator_options(present: str) -> list[OptionGroup]:
    kinds = (
        (_("Text"), {"none", "text", "texts"}),
        (_("Number"), {"number", "two_numbers"}),
    )
    return [
        OptionGroup(
            title,
            [
                Option(each.name, labels.operator_label(each.name), "", each.name == present)
                for each in OPERATORS
                if each.shape in shapes
            ],
        )
        for title, shapes in kinds
    ]


@register.simple_tag
def range_options(present: str) -> list[Option]:
    return [
        Option(value, label, "", value == present) for value, label in labels.range_options(present)
    ]


@register.simple_tag
def suggestions(path: str) -> tuple[str, ...]:
    return labels.SUGGESTIONS.get(path.rsplit(".", 1)[-1], ())


@register.filter
def add_label(path: str) -> str:
    return labels.add_label(path)


@register.filter
def at(items: Sequence[Any], place: int) -> Any:
    return items[place]


@register.filter
def unlocalized(value: Any) -> str:
    """A number as scripts read it; nothing where there is none."""
    return "" if value is None else str(value)


@register.filter
def sorted_by(value: Any) -> SafeString | str:
    """The number that a cell is sorted by, as an attribute; nothing where its text says the same."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000:
        return ""
    number = f"{value:.7g}" if isinstance(value, float) else unlocalized(value)
    return format_html(' data-value="{}"', number)


_CELLS = {
    "whole": figures.number,
    "number": figures.number,
    "gain": figures.gain,
    "share": figures.percent,
    "points": figures.points,
    "seconds": figures.duration,
}


def _money(type_: str) -> bool:
    """`money` in yuan, or `money:GBP`."""
    return type_.partition(":")[0] == "money" and type_ in numbers.TYPES


@register.filter
def is_numeric(type_: str) -> bool:
    return type_ in _CELLS or _money(type_)


@register.simple_tag
def cell(value: Any, type_: str) -> SafeString | str:
    """A cell of a result table as people read it."""
    if type_ == "mark":
        return _("unfinished") if value and value != "0" else ""
    if type_ == "whole-row":
        return _("All")
    if value is None:
        return figures.DASH
    if type_ in _CELLS and isinstance(value, int | float):
        return _CELLS[type_](value)
    if _money(type_) and isinstance(value, int | float):
        return numbers.TYPES[type_](value, figures.language())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value == OTHERS:
        return _("Others")
    if value == "" and type_ == "text":
        return _("(not set)")
    return value.isoformat() if isinstance(value, date) else str(value)
