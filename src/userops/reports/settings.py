"""Settings of a report: what a person may choose, checked when the report is begun."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from userops.errors import Refused
from userops.events.models import Product
from userops.words import Words


@dataclass(frozen=True)
class Setting:
    """`read(value, product)`: the value to use; of None or an empty text the standard one. Raises `Refused`."""

    name: str
    words: Words
    read: Callable[[Any, Product], Any]
    help: Words


def number(
    name: str, words: Words, standard: float, low: float, high: float, help_: Words
) -> Setting:
    """A number between two others."""

    def read(value: Any, _product: Product) -> float:
        if value in (None, ""):
            return standard
        try:
            found = float(value)
        except (TypeError, ValueError):
            found = high + 1
        if not low <= found <= high:
            raise wrong(name, value, f"{low:g}–{high:g}")
        return found

    return Setting(name, words, read, help_)


def text(name: str, words: Words, known: Callable[[Product], list[str]], help_: Words) -> Setting:
    """One of the names that the product has, or none."""

    def read(value: Any, product: Product) -> str:
        chosen = str(value or "").strip()
        names = known(product)
        if chosen and chosen not in names:
            raise wrong(name, value, "、".join(names[:12]) or "–")
        return chosen

    return Setting(name, words, read, help_)


def wrong(name: str, value: Any, expected: str) -> Refused:
    return Refused(
        Words(
            f"设置 {name} 应为 {expected}；实际为 {str(value)[:40]!r}。",
            f"The setting {name} is one of {expected}; got {str(value)[:40]!r}.",
        ),
        code="report_setting_invalid",
    )
