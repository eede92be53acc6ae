"""The values that a rule or computed tag gives to people."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from userops.analyses.rfm.scoring import quantiles
from userops.audience.people import scope_of
from userops.audience.tags.defining import Figure, Rules
from userops.audience.tags.models import Kind, Tag
from userops.audience.tags.selecting import members
from userops.events.store import Store
from userops.query.known import known_sql
from userops.query.sql import statement

SQL = Path(__file__).parent / "sql"


def computed(store: Store, tag: Tag) -> dict[int, str]:
    """Person → value of a tag that follows from data."""
    return {Kind.RULE: _by_rules, Kind.COMPUTED: _by_figure}[Kind(tag.kind)](store, tag)


def _by_rules(store: Store, tag: Tag) -> dict[int, str]:
    """The first rule that selects a person says the value."""
    found: dict[int, str] = {}
    for rule in Rules.model_validate(tag.definition).rules:
        for person in members(store, tag.product, rule.segment):
            found.setdefault(person, rule.value)
    return found


def _by_figure(store: Store, tag: Tag) -> dict[int, str]:
    figure = Figure.model_validate(tag.definition)
    persons, numbers = figures(store, tag, figure.property)
    if figure.by == "cuts":
        step = np.searchsorted(np.array(figure.cuts), numbers, side="right")
    else:
        step = quantiles(numbers, figure.quantiles) - 1
    return {int(person): tag.values[place] for person, place in zip(persons, step, strict=True)}


def figures(
    store: Store, tag: Tag, property_: str
) -> tuple[
    np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.float64]]
]:
    """Everyone of whom a number is known, and the number."""
    scope = scope_of(store, tag.product)
    values = scope.values()
    known = known_sql({"value": property_}, values)
    table = scope.ask(statement(SQL / "figures.sql", {"known": known}), values)
    persons = table.column("person").to_numpy().astype(np.int64)
    return persons, table.column("number").to_numpy().astype(np.float64)
