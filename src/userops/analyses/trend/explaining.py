"""How the figures of a trend divide by a property.

Counts and sums divide by the value that the event itself carried. Where a figure counts persons, each
person stands at one value (of the first or the last event), so that every part adds up; `every` counts a
person at each value instead.
"""

from __future__ import annotations

from userops.analyses.figures import Asked, Explaining, Factor, Figure, Number, Split
from userops.analyses.trend.dividing import divided, people
from userops.analyses.trend.divisions import Division, division
from userops.analyses.trend.document import Series, Trend
from userops.analyses.trend.formulas import letter, parse
from userops.analyses.trend.labels import index_words
from userops.analyses.trend.ratios import factors
from userops.analyses.trend.running import run
from userops.query.steps import EventStep
from userops.words import Words


def figures(document: Trend) -> list[Figure]:
    """Formulas first, as they are what the trend is about; figures that do not divide are left out."""
    series, count = len(document.series), len(document.series) + len(document.formulas)
    order = [*range(series, count), *range(series)]
    return [figure for figure in (_figure(document, index) for index in order) if figure]


def _figure(document: Trend, index: int) -> Figure | None:
    name = _name(document, index)
    words = index_words(document, index)
    found = division(document, index)
    if found is not None:
        return Figure(name, words, found.type, found.words, found.scale, persons=found.persons)
    if index >= len(document.series):
        formula = document.formulas[index - len(document.series)].formula
        if factors(formula, len(document.series)):
            return Figure(name, words, "number", (words,), product=True)
    return None


def _name(document: Trend, index: int) -> str:
    series = len(document.series)
    return letter(index) if index < series else f"formula_{index - series + 1}"


def _index(document: Trend, figure: Figure) -> int:
    names = [_name(document, at) for at in range(len(document.series) + len(document.formulas))]
    return names.index(figure.name)


def _plain(document: Trend) -> Trend:
    return document.model_copy(update={"breakdown": (), "compare": None})


def _totals(document: Trend, asked: Asked) -> dict[int, Number]:
    result = run(document, asked.scope)
    return {entry["index"]: entry["total"] for entry in result["series"]}


def split(asked: Asked) -> Split:
    document = _plain(asked.document)
    index = _index(document, asked.figure)
    extra = _chain(document, index)
    # series for the factors stand behind, so that letters of formulas keep their meaning
    wider = document.model_copy(update={"series": (*document.series, *extra), "formulas": ()})
    totals = _totals(wider, asked)
    value = totals[index] if index < len(document.series) else _totals(document, asked)[index]
    if asked.figure.product:
        formula = document.formulas[index - len(document.series)].formula
        numbers = [totals[at] for at in range(len(document.series))]
        return Split(value, (), (), _of_product(formula, numbers))
    found = division(document, index)
    assert found is not None
    whole, values = divided(asked, document, found)
    chain = [totals[len(document.series) + at] for at in range(len(extra))]
    return Split(value, whole, values, _of_chain([*chain, value] if extra else []))


def _of_product(formula: str, numbers: list[Number]) -> tuple[Factor, ...]:
    parts = factors(formula, len(numbers))
    return tuple(
        Factor(part, Words(part, part), parse(part, len(numbers))(numbers)) for part in parts
    )


_PER_USER = Words("人均次数", "events per user")
_EACH = Words("每次平均数值", "average value per event")
_USERS = Words("用户数", "users")


def _chain(document: Trend, index: int) -> list[Series]:
    """Series whose quotients multiply to the figure: users, then events where it is a sum."""
    if index >= len(document.series) or document.series[index].measure not in ("total", "sum"):
        return []
    series = document.series[index]
    users = series.model_copy(update={"measure": "users", "property": None})
    total = series.model_copy(update={"measure": "total", "property": None})
    return [users] if series.measure == "total" else [users, total]


def _of_chain(chain: list[Number]) -> tuple[Factor, ...]:
    """Users × events per user × value per event; nothing where a quotient is not known."""
    if not chain or any(each is None for each in chain):
        return ()
    found = [Factor("users", _USERS, chain[0])]
    quotients = (("events_per_user", _PER_USER), ("value_per_event", _EACH))
    for (name, words), above, below in zip(quotients, chain[1:], chain, strict=False):
        if not below or above is None:
            return ()
        found.append(Factor(name, words, above / below))
    return tuple(found)


def history(asked: Asked) -> list[tuple[str, Number]]:
    document = _plain(asked.document).model_copy(update={"unit": "day"})
    index = _index(document, asked.figure)
    entry = next(each for each in run(document, asked.scope)["series"] if each["index"] == index)
    return [(start, value) for start, value in entry["points"]]


def steps(document: Trend, figure: Figure) -> tuple[EventStep, ...]:
    found: Division | None = division(document, _index(document, figure))
    places = found.series if found else range(len(document.series))
    return tuple(document.series[place] for place in places)


EXPLAINING = Explaining(figures, split, people, history, steps)
