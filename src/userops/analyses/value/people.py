"""Who the customers of a tenth are, the most valuable first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.table import People
from userops.analyses.value.customers import customers, last_day, number_of, purchases
from userops.analyses.value.document import CustomerValue
from userops.analyses.value.forecasting import TooLittle, fitted, forecast
from userops.analyses.value.running import TENTHS, rank, tenth_of
from userops.errors import DocumentError
from userops.query.scope import Scope
from userops.words import Words


def people(
    document: CustomerValue, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """`{"tenth": 1}` is the most valuable tenth; `{}` are all customers. Raises `DocumentError`."""
    now = customers(purchases(document, scope), number_of(last_day(document, scope)))
    if not selection:
        return People(now.person[offset : offset + limit].tolist(), len(now))
    number = selection.get("tenth")
    if set(selection) != {"tenth"} or type(number) is not int or not 1 <= number <= TENTHS:
        raise _unknown(selection)
    try:
        models = fitted(document, now)
    except TooLittle:
        raise _unknown(selection) from None
    order = rank(now, forecast(document, models, now))
    found = now.person[order[tenth_of(len(now)) == number - 1]]
    return People(found[offset : offset + limit].tolist(), len(found))


def _unknown(selection: Mapping[str, Any]) -> DocumentError:
    return DocumentError(
        Words(
            f"结果中没有这个数字：{dict(selection)!r}。",
            f"The result has no such number: {dict(selection)!r}.",
        ),
        code="selection_invalid",
        hint=Words('应形如 {"tenth": 1}。', 'It is like {"tenth": 1}.'),
    )
