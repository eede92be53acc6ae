"""The words of a builder's controls, by field. An analysis's own page may bring further ones; a field
without words shows its own name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from userops.analyses.page import Page
from userops.analyses.registry import ANALYSES
from userops.analyses.trend.measures import MEASURE
from userops.insights.builder.form import Control
from userops.query.dates import PRESET_WORDS, UNIT_WORDS
from userops.query.filters import OPERATOR
from userops.words import Words
from userops.workspace.language import reader_language

Text = str | Promise

_FIELDS: dict[str, Text] = {
    "range": gettext_lazy("Date range"),
    "unit": gettext_lazy("Interval"),
    "compare": gettext_lazy("Compare with"),
    "series": gettext_lazy("Figures"),
    "formulas": gettext_lazy("Formulas"),
    "formula": gettext_lazy("Formula"),
    "breakdown": gettext_lazy("Break down by"),
    "filters": gettext_lazy("Filters"),
    "series.filters": gettext_lazy("Conditions"),
    "steps.filters": gettext_lazy("Conditions"),
    "exclusions.filters": gettext_lazy("Conditions"),
    "start.filters": gettext_lazy("Conditions"),
    "return.filters": gettext_lazy("Conditions"),
    "limit": gettext_lazy("Values told apart"),
    "event": gettext_lazy("Event"),
    "measure": gettext_lazy("Measure"),
    "property": gettext_lazy("Property"),
    "name": gettext_lazy("Name shown"),
    "steps": gettext_lazy("Steps"),
    "window": gettext_lazy("Conversion window"),
    "order": gettext_lazy("Order of steps"),
    "first_entry": gettext_lazy("Only a user’s first entry counts"),
    "exclusions": gettext_lazy("Excluded events"),
    "exclusion_mode": gettext_lazy("After an excluded event"),
    "exclusions.from": gettext_lazy("After step"),
    "exclusions.to": gettext_lazy("Before step"),
    "hold_constant": gettext_lazy("Hold property constant"),
    "count": gettext_lazy("Count"),
    "breakdown_at": gettext_lazy("Take the breakdown value at step"),
    "breakdown_limit": gettext_lazy("Values told apart"),
    "view": gettext_lazy("Show"),
    "counts_only": gettext_lazy("Counts only (fastest)"),
    "optional": gettext_lazy("Optional step"),
    "start": gettext_lazy("Start event"),
    "return": gettext_lazy("Return event"),
    "periods": gettext_lazy("Number of periods"),
    "entry": gettext_lazy("Who enters a cohort"),
    "criterion": gettext_lazy("Retained means"),
    "clock": gettext_lazy("Periods are counted"),
    "brackets": gettext_lazy("Periods joined to brackets"),
    "min_occurrences": gettext_lazy("Return event, at least times"),
    "reference": gettext_lazy("Percentage of"),
    "value": gettext_lazy("Value of users (LTV)"),
    "new_by": gettext_lazy("New means first ever"),
}

_HELP: dict[str, Text] = {
    "formula": gettext_lazy("Letters stand for the figures above, in order: A/B*100"),
    "window": gettext_lazy("30m, 24h, 7d, or same_day"),
    "brackets": gettext_lazy("First and last period of each, such as [1, 7]"),
    "hold_constant": gettext_lazy("All steps must have the same value, such as one order number."),
}

_PLACEHOLDERS: dict[str, Text] = {
    "formula": "A/B*100",
    "window": "7d",
    **{name: text for each in ANALYSES for name, text in each.page.placeholders.items()},
}

_NONE: dict[str, Text] = {"compare": gettext_lazy("No comparison")}

_OPTIONS: dict[str, Text] = {
    "previous_period": gettext_lazy("Previous period"),
    "same_period_last_year": gettext_lazy("Same period last year"),
    "ordered": gettext_lazy("In order, others may come between"),
    "strict": gettext_lazy("Strictly one after another"),
    "any_order": gettext_lazy("In any order"),
    "drop": gettext_lazy("the user does not count"),
    "stop": gettext_lazy("the user stops there"),
    "users": gettext_lazy("Users"),
    "sessions": gettext_lazy("Sessions"),
    "view.steps": gettext_lazy("Conversion by step"),
    "view.trend": gettext_lazy("Conversion over time"),
    "view.times": gettext_lazy("Time to convert"),
    "first": gettext_lazy("First"),
    "last": gettext_lazy("Last"),
    "entry.first": gettext_lazy("By the first start event in the range"),
    "entry.first_ever": gettext_lazy("By the first start event ever"),
    "entry.recurring": gettext_lazy("Anew in every period"),
    "on": gettext_lazy("In that period"),
    "on_or_after": gettext_lazy("In that period or later"),
    "calendar": gettext_lazy("By the calendar"),
    "rolling": gettext_lazy("From the user’s own start, 24 hours each"),
    "cohort": gettext_lazy("Cohort"),
    "previous": gettext_lazy("The period before"),
    "value.measure.sum": gettext_lazy("Sum of the cohort"),
    "value.measure.average": gettext_lazy("Average per user of the cohort"),
    "new_by.event": gettext_lazy("of this event"),
    "new_by.any_event": gettext_lazy("of any event"),
}

SUGGESTIONS: dict[str, tuple[str, ...]] = {
    "window": ("30m", "1h", "24h", "3d", "7d", "14d", "30d", "90d", "same_day"),
    **{name: texts for each in ANALYSES for name, texts in each.page.suggestions.items()},
}

OWN = {name: words for each in ANALYSES for name, words in each.page.words.items()}
OWN_HELP = {name: words for each in ANALYSES for name, words in each.page.help.items()}
OWN_ADD = {name: words for each in ANALYSES for name, words in each.page.add.items()}
"""What the analyses' own pages call their fields and options."""

LAST = ((7, "day"), (14, "day"), (30, "day"), (60, "day"), (90, "day"), (12, "week"), (12, "month"))

_ROWS: dict[str, Text] = {
    "exclusions": pgettext_lazy("numbered row", "Exclusion"),
    "formulas": pgettext_lazy("numbered row", "Formula"),
}

ADD: dict[str, Text] = {
    "series": gettext_lazy("Add a figure"),
    "steps": gettext_lazy("Add a step"),
    "exclusions": gettext_lazy("Add an excluded event"),
    "formulas": gettext_lazy("Add a formula"),
    "breakdown": gettext_lazy("Add a breakdown"),
}


def _names(path: str) -> list[str]:
    """The words that fit a path, the longest first: `exclusions.from` before `from`."""
    parts = [part for part in path.split(".") if not part.isdigit()]
    return [".".join(parts[at:]) for at in range(len(parts))]


def _found(words: dict[str, Text], path: str, own: Mapping[str, Words] | None = None) -> str | None:
    """The words of the longest name that fits, those of the analyses' own pages first."""
    for name in _names(path):
        if own and name in own:
            return own[name].text(reader_language())
        if name in words:
            return str(words[name])
    return None


def field_label(path: str, own: Mapping[str, Words] | None = None) -> str:
    """As the page itself calls it, else as all do, else as another page does."""
    found = _found(_FIELDS, path, own) or _found({}, path, OWN)
    return found or path.rsplit(".", 1)[-1].replace("_", " ")


def field_help(path: str, own: Mapping[str, Words] | None = None) -> str:
    return _found(_HELP, path, own) or _found({}, path, OWN_HELP) or ""


def placeholder(path: str) -> str:
    return _found(_PLACEHOLDERS, path) or ""


def none_label(path: str) -> str:
    return _found(_NONE, path) or _("None")


def add_label(path: str) -> str:
    return _found(ADD, path, OWN_ADD) or _("Add")


def option_label(path: str, value: str, own: Mapping[str, Words] | None = None) -> str:
    key = path.rsplit(".", 1)[-1]
    if key == "unit" and value in UNIT_WORDS:
        return UNIT_WORDS[value].text(reader_language())
    if key == "measure" and not path.startswith("value") and value in MEASURE:
        return MEASURE[value].words.text(reader_language())
    place = f"{path}.{value}"
    return _found(_OPTIONS, place, own) or _found({}, place, OWN) or value


def in_words_of(page: Page, controls: Iterable[Control]) -> None:
    """Where two analyses call the same name differently, each form speaks as its own page does."""
    for control in controls:
        path = control.path
        if control.label == field_label(path):
            control.label = field_label(path, page.words)
        if control.help == field_help(path):
            control.help = field_help(path, page.help)
        control.options = [
            (
                value,
                option_label(path, value, page.words)
                if label == option_label(path, value)
                else label,
            )
            for value, label in control.options
        ]


def operator_label(name: str) -> str:
    return OPERATOR[name].words.text(reader_language())


def row_label(path: str, index: int) -> str:
    """What stands before a row: a letter for figures, a number for steps."""
    key = path.rsplit(".", 1)[-1]
    if key == "series":
        return chr(ord("A") + index)
    return f"{_ROWS[key]} {index + 1}" if key in _ROWS else str(index + 1)


def unfinished_condition() -> str:
    return _("Not applied yet: a value is missing.")


def range_label(when: str) -> str:
    form, _colon, rest = when.partition(":")
    if form == "preset" and rest in PRESET_WORDS:
        return PRESET_WORDS[rest].text(reader_language())
    if form == "last":
        number, unit, current = [*rest.split(":"), ""][:3]
        return _last_label(number, unit, bool(current))
    return _("From … to …")


def _last_label(number: str, unit: str, current: bool) -> str:
    count = int(number) if number.isdigit() else 0
    texts = {
        "day": ngettext("Last %(n)s day", "Last %(n)s days", count),
        "week": ngettext("Last %(n)s week", "Last %(n)s weeks", count),
        "month": ngettext("Last %(n)s month", "Last %(n)s months", count),
        "year": ngettext("Last %(n)s year", "Last %(n)s years", count),
    }
    label = texts.get(unit, "%(n)s") % {"n": number}
    return _("%(range)s, the running one included") % {"range": label} if current else label


def range_options(present: str) -> list[tuple[str, str]]:
    values = [f"last:{number}:{unit}" for number, unit in LAST]
    values += [f"preset:{name}" for name in PRESET_WORDS]
    if present not in values and present != "custom":
        values.insert(0, present)
    return [(value, range_label(value)) for value in [*values, "custom"]]
