"""The words of a builder's controls, by field. A field without words here shows its own name."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from userops.analyses.trend.measures import MEASURE
from userops.query.dates import PRESET_WORDS, UNIT_WORDS
from userops.query.filters import OPERATOR

Text = str | Promise

_FIELDS: dict[str, Text] = {
    "range": lazy("Date range"),
    "unit": lazy("Interval"),
    "compare": lazy("Compare with"),
    "series": lazy("Figures"),
    "formulas": lazy("Formulas"),
    "formula": lazy("Formula"),
    "breakdown": lazy("Break down by"),
    "filters": lazy("Filters"),
    "limit": lazy("Values told apart"),
    "event": lazy("Event"),
    "measure": lazy("Measure"),
    "property": lazy("Property"),
    "name": lazy("Name shown"),
    "steps": lazy("Steps"),
    "window": lazy("Conversion window"),
    "order": lazy("Order of steps"),
    "first_entry": lazy("Only a user’s first entry counts"),
    "exclusions": lazy("Excluded events"),
    "exclusion_mode": lazy("After an excluded event"),
    "exclusions.from": lazy("After step"),
    "exclusions.to": lazy("Before step"),
    "hold_constant": lazy("Hold property constant"),
    "count": lazy("Count"),
    "breakdown_at": lazy("Take the breakdown value at step"),
    "breakdown_limit": lazy("Values told apart"),
    "view": lazy("Show"),
    "counts_only": lazy("Counts only (fastest)"),
    "optional": lazy("Optional step"),
    "start": lazy("Start event"),
    "return": lazy("Return event"),
    "periods": lazy("Number of periods"),
    "cohort": lazy("Cohort"),
    "cohorts": lazy("Cohort"),
    "mode": lazy("Retained means"),
    "return_mode": lazy("Retained means"),
    "clock": lazy("Periods are counted"),
    "brackets": lazy("Brackets of periods"),
    "minimum": lazy("At least, times"),
    "minimum_occurrences": lazy("At least, times"),
    "min_count": lazy("At least, times"),
    "times": lazy("At least, times"),
    "percentage_of": lazy("Percentage of"),
    "percent_of": lazy("Percentage of"),
    "base": lazy("Percentage of"),
    "value": lazy("Value per user"),
    "ltv": lazy("Value per user"),
    "aggregate": lazy("Aggregate"),
    "cumulative": lazy("Cumulative"),
    "first_ever": lazy("First time ever only"),
    "recurring": lazy("Recurring cohorts"),
    "rolling": lazy("Rolling 24 hours"),
}

_HELP: dict[str, Text] = {
    "formula": lazy("Letters stand for the figures above, in order: A/B*100"),
    "window": lazy("30m, 24h, 7d, or same_day"),
    "hold_constant": lazy("All steps must have the same value, such as one order number."),
}

_PLACEHOLDERS: dict[str, Text] = {"formula": "A/B*100", "window": "7d"}

_NONE: dict[str, Text] = {"compare": lazy("No comparison")}

_OPTIONS: dict[str, Text] = {
    "previous_period": lazy("Previous period"),
    "same_period_last_year": lazy("Same period last year"),
    "ordered": lazy("In order, others may come between"),
    "strict": lazy("Strictly one after another"),
    "any_order": lazy("In any order"),
    "drop": lazy("the user does not count"),
    "stop": lazy("the user stops there"),
    "users": lazy("Users"),
    "sessions": lazy("Sessions"),
    "view.steps": lazy("Conversion by step"),
    "view.trend": lazy("Conversion over time"),
    "view.times": lazy("Time to convert"),
    "first": lazy("First"),
    "last": lazy("Last"),
    "first_in_range": lazy("First in the range"),
    "first_time": lazy("First time ever"),
    "first_ever": lazy("First time ever"),
    "recurring": lazy("Every period anew"),
    "on": lazy("In that period"),
    "on_or_after": lazy("In that period or later"),
    "calendar": lazy("By the calendar"),
    "rolling": lazy("From the user’s own start, 24 hours each"),
    "rolling_24h": lazy("From the user’s own start, 24 hours each"),
    "cohort_size": lazy("Cohort size"),
    "previous": lazy("Previous period"),
    "sum": lazy("Sum"),
    "avg": lazy("Average"),
    "average": lazy("Average"),
    "size": lazy("Cohort size"),
    "bracket": lazy("By brackets"),
    "rate": lazy("Rate"),
}

SUGGESTIONS: dict[str, tuple[str, ...]] = {
    "window": ("30m", "1h", "24h", "3d", "7d", "14d", "30d", "90d", "same_day"),
}

LAST = ((7, "day"), (14, "day"), (30, "day"), (60, "day"), (90, "day"), (12, "week"), (12, "month"))

_ROWS: dict[str, Text] = {
    "exclusions": pgettext_lazy("numbered row", "Exclusion"),
    "formulas": pgettext_lazy("numbered row", "Formula"),
}

ADD: dict[str, Text] = {
    "series": lazy("Add a figure"),
    "steps": lazy("Add a step"),
    "exclusions": lazy("Add an excluded event"),
    "formulas": lazy("Add a formula"),
    "breakdown": lazy("Add a breakdown"),
}


def _language() -> str:
    return get_language() or "zh"


def _names(path: str) -> list[str]:
    """The words that fit a path, the longest first: `exclusions.from` before `from`."""
    parts = [part for part in path.split(".") if not part.isdigit()]
    return [".".join(parts[at:]) for at in range(len(parts))]


def _found(words: dict[str, Text], path: str) -> str | None:
    return next((str(words[name]) for name in _names(path) if name in words), None)


def field_label(path: str) -> str:
    return _found(_FIELDS, path) or path.rsplit(".", 1)[-1].replace("_", " ")


def field_help(path: str) -> str:
    return _found(_HELP, path) or ""


def placeholder(path: str) -> str:
    return _found(_PLACEHOLDERS, path) or ""


def none_label(path: str) -> str:
    return _found(_NONE, path) or _("None")


def add_label(path: str) -> str:
    return _found(ADD, path) or _("Add")


def option_label(path: str, value: str) -> str:
    key = path.rsplit(".", 1)[-1]
    if key == "unit" and value in UNIT_WORDS:
        return UNIT_WORDS[value].text(_language())
    if key == "measure" and value in MEASURE:
        return MEASURE[value].words.text(_language())
    return str(_OPTIONS.get(f"{key}.{value}") or _OPTIONS.get(value) or value)


def operator_label(name: str) -> str:
    return OPERATOR[name].words.text(_language())


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
        return PRESET_WORDS[rest].text(_language())
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
