"""Many rows of one table of the operational database at once, without an object for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def insert_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    unique: Sequence[str] = (),
) -> None:
    """`columns` are fields of the model, `rows` their values as the database takes them. With `unique`,
    a row that these fields tell exists already is overwritten."""
    quote = connection.ops.quote_name
    names = [quote(str(_column(model, name))) for name in columns]
    sql = (
        f"insert into {quote(model._meta.db_table)} ({', '.join(names)})"  # noqa: S608
        f" values ({', '.join(['%s'] * len(names))})"
    )
    if unique:
        told = [quote(str(_column(model, name))) for name in unique]
        new = ", ".join(f"{name} = excluded.{name}" for name in names if name not in told)
        sql += f" on conflict ({', '.join(told)}) do update set {new}"
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(rows))


def _column(model: type[models.Model], name: str) -> Any:
    field: Any = model._meta.get_field(name)
    return field.column


def moment(value: Any) -> Any:
    """A time as the database takes it."""
    return connection.ops.adapt_datetimefield_value(value)
