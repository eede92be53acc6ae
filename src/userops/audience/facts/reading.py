"""What facts, tags and segments say of one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from userops.audience.facts.definitions import BY_NAME
from userops.events.models import Fact, Product
from userops.events.store import Store
from userops.query.codes import code_words
from userops.query.sql import statement
from userops.words import Words

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True, slots=True)
class Known:
    """One fact of one person, and when it was computed."""

    name: str
    kind: str
    words: Words
    value: str
    shown: Words
    number: float | None
    computed: datetime


def of_person(store: Store, product: Product, uids: Sequence[int]) -> list[Known]:
    """All facts of the person with these uids, the root first. By name."""
    rows = Fact.objects.filter(product=product).order_by("name")
    by_version = {fact.version: fact for fact in rows}
    if not by_version:
        return []
    values = {
        "product": product.pk,
        "uids": list(uids),
        "root": uids[0],
        "versions": list(by_version),
    }
    rows_found = store.engine.rows(statement(SQL / "of_person.sql"), values)
    found: dict[int, str] = {version: value for version, value in rows_found}  # noqa: C416
    return [
        Known(
            fact.name,
            fact.kind,
            Words(fact.label_zh, fact.label_en),
            found[version],
            _shown(fact, found[version]),
            float(found[version]) if fact.type == "number" else None,
            fact.computed,
        )
        for version, fact in by_version.items()
        if version in found
    ]


def _shown(fact: Fact, value: str) -> Words:
    computed = BY_NAME.get(fact.name)
    if value in fact.value_labels:
        return Words(**fact.value_labels[value])
    return computed.shown(value) if computed else code_words(value)
