"""What is known of persons today: properties of their profiles, and facts that were computed of them.

Whoever has neither a profile nor one of the facts asked for is in no row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from userops.query.filters import fact_sql, is_fact, text_sql
from userops.query.sql import Values


def known_sql(columns: Mapping[str, str], values: Values) -> str:
    """The statement for `person` and some properties of users, by the name of the column: '' where not set."""
    facts = [column for column, name in columns.items() if is_fact(name, values)]
    own = [column for column in columns if column not in facts]
    parts = []
    if own or not facts:
        texts = {column: text_sql(columns[column], "user", values) for column in own}
        parts.append(_profiles_sql(texts, list(columns)))
    parts += [
        _fact_part(column, fact_sql(columns[column], values), list(columns)) for column in facts
    ]
    if len(parts) == 1:
        return parts[0]
    most = ", ".join(f"max({column}) as {column}" for column in columns)
    # the pieces are constants of ours and placeholders
    return f"select person, {most} from ({' union all '.join(parts)}) group by person"  # noqa: S608


def _profiles_sql(texts: Mapping[str, str], columns: Sequence[str]) -> str:
    chosen = "".join(f", {texts.get(column, _NONE)} as {column}" for column in columns)
    return (
        f"select person{chosen} from profiles final where product = {{product:UInt32}} and not gone"  # noqa: S608
    )


def _fact_part(column: str, sql: str, columns: Sequence[str]) -> str:
    chosen = "".join(f", {'value' if each == column else _NONE} as {each}" for each in columns)
    return f"select person{chosen} from ({sql})"  # noqa: S608


_NONE = "''"
