"""Sums of money in a result: in the currency of the product, where it is its `amount` that is summed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from userops.analyses.meaning import AMOUNT
from userops.analyses.table import Column
from userops.query.scope import Scope


def currency_of(summed: str, scope: Scope) -> str | None:
    """What the sums of a property are counted in; None where they are not money, or nobody says."""
    return (scope.currency or None) if summed == AMOUNT else None


def money_type(result: Mapping[str, Any]) -> str:
    """The type of a result's sums: `money:GBP`, or plain numbers."""
    currency = result.get("currency")  # answers kept by an older version have none
    return f"money:{currency}" if currency else "number"


def priced(
    columns: Iterable[Column], sums: Iterable[str], result: Mapping[str, Any]
) -> tuple[Column, ...]:
    """The columns, of which those named `sums` are money."""
    named, type_ = frozenset(sums), money_type(result)
    return tuple(replace(each, type=type_) if each.name in named else each for each in columns)
