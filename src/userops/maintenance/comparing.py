"""Errands that set segments beside each other."""

from __future__ import annotations

from typing import Any

from userops.analyses.traits.wording import plain_label
from userops.audience.comparing import chosen
from userops.audience.comparing.comparison import compare as compared
from userops.audience.comparing.document import Comparison
from userops.audience.comparing.overlap import MOST, pairs, parts
from userops.audience.comparing.table import table_of
from userops.audience.segments.actions import named
from userops.events.store import Store
from userops.insights.builder.choices import Choices
from userops.query.dates import DateRange
from userops.query.naming import naming


def compare(
    store: Store, *, product: str, segments: list[str], days: int = 30, worded: bool = False
) -> dict[str, Any]:
    """What sets the first segment apart from the second, or from everyone else. `worded`: for people, by display
    names, instead of the names that programs know. Raises `NotFound`, `Refused`."""
    found = store.product(product)
    rows = [named(found, each) for each in segments]
    document = Comparison(
        product=product,
        segment=rows[0].pk,
        other=rows[1].pk if len(rows) > 1 else None,
        range=DateRange(last=days),
    )
    answer = compared(store, found, document)
    label = Choices(found, "en").property_label if worded else plain_label("en")
    with naming(store.fact_words(found.pk) if worded else {}):
        table = table_of(answer, label)
    return {
        "names": [words.as_dict() for words in answer.names],
        "users": [answer.result["group"], answer.result["rest"]],
        "both": answer.both,
        "compared": answer.result["compared"],
        "telling": answer.result["telling"],
        "definition": answer.definition.as_dict(),
        "data_time": answer.data_time.isoformat(timespec="seconds"),
        "columns": [column.words.en if worded else column.name for column in table.columns],
        "traits": [
            [column.shown(cell, "en") for column, cell in zip(table.columns, row, strict=True)]
            for row in table.rows
        ],
    }


def overlap(store: Store, *, product: str, segments: list[str]) -> dict[str, Any]:
    """How many users are in which of the segments. Raises `NotFound`, `Refused`."""
    found = store.product(product)
    keys = [named(found, each).pk for each in segments]
    rows = chosen.segments(found, keys, least=2, most=MOST)
    sets = chosen.members(store, found, rows)
    all_parts, names = parts(sets), [row.name for row in rows]
    union = sum(len(part.persons) for part in all_parts)
    return {
        "segments": [
            {"id": row.pk, "name": row.name, "users": len(each)}
            for row, each in zip(rows, sets, strict=True)
        ],
        "union": union,
        "parts": [
            {
                "in": [names[place] for place in part.inside],
                "users": len(part.persons),
                "share": len(part.persons) / union if union else None,
            }
            for part in sorted(all_parts, key=lambda part: -len(part.persons))
        ],
        "pairs": [
            {
                "first": names[pair.first],
                "second": names[pair.second],
                "both": pair.both,
                "of_first": pair.of_first,
                "of_second": pair.of_second,
                "jaccard": pair.jaccard,
            }
            for pair in pairs(sets)
        ],
    }
