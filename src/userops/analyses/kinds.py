"""What sort of values properties have: how many rows carry each, how many of these as numbers, how many differ."""

from __future__ import annotations

from collections.abc import Sequence

from userops.query.filters import Of, given_sql, number_sql, text_sql
from userops.query.sql import Values


def kinds_sql(names: Sequence[str], of: Of, values: Values) -> list[str]:
    """Of each name `given_0`, `numbers_0`, `values_0`, and so on; not being set is a value too.

    Most rows carry few of the properties: texts are made of those that do, which is most of the work.
    """
    counts = []
    for at, name in enumerate(names):
        text, number = text_sql(name, of, values), number_sql(name, of, values)
        given = f"({given_sql(name, of, values)} and {text} != '')"
        counts += [
            f"countIf({given}) as given_{at}",
            f"countIf({given} and isFinite({number})) as numbers_{at}",
            f"uniqIf({text}, {given}) + (given_{at} < count()) as values_{at}",
        ]
    return counts
