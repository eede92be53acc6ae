"""A comparison and an overlap as rows: what the pages show, and what CSV and XLSX hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from userops.analyses.page import Label
from userops.analyses.table import Column, Table
from userops.analyses.traits.table import COLUMNS as TRAIT_COLUMNS
from userops.analyses.traits.table import row_of
from userops.analyses.traits.wording import trait_words
from userops.audience.comparing.comparison import Compared
from userops.audience.comparing.overlap import Part
from userops.words import Words

_SIDES = {"这群人": 0, "其他人": 1}
_ENGLISH = {"these people": 0, "these": 0, "others": 1}


def table_of(found: Compared, label: Label) -> Table:
    """The traits, with the names of both sides in the heads and display names in the cells."""
    columns = [_named(column, found.names) for column in TRAIT_COLUMNS if column.name != "value"]
    place = [column.name for column in TRAIT_COLUMNS].index("name")
    value = [column.name for column in TRAIT_COLUMNS].index("value")
    rows = []
    for number, row in enumerate(found.result["traits"], start=1):
        cells = list(row_of(number, row))
        cells[place] = trait_words(row, label)
        rows.append(tuple(cell for at, cell in enumerate(cells) if at != value))
    return Table(tuple(columns), rows)


def _named(column: Column, names: tuple[Words, Words]) -> Column:
    """A head that says “these” or “others”, with the side's own name."""
    zh, en = column.words.zh, column.words.en
    for word, side in _SIDES.items():
        zh = zh.replace(word, f"{names[side].zh} ") if word in zh else zh
    for word, side in _ENGLISH.items():
        if en.lower() == word:
            en = names[side].en
        elif en.lower().endswith(f" of {word}"):
            en = f"{en[: -len(word)]}{names[side].en}"
    type_ = "text" if column.name == "name" else column.type
    return replace(column, words=Words(zh.strip(), en), type=type_)


def overlap_table(parts: Sequence[Part], names: Sequence[str]) -> Table:
    """Each part: in which segments, how many people, which share of everybody in any of them."""
    total = sum(len(part.persons) for part in parts)
    marks = [Column(f"in_{place}", Words(name, name), "text") for place, name in enumerate(names)]
    columns = (
        *marks,
        Column("users", Words("用户", "Users"), "whole"),
        Column("share", Words("占并集", "Share of the union"), "share"),
    )
    rows = [
        (
            *("✓" if place in part.inside else "" for place in range(len(names))),
            len(part.persons),
            len(part.persons) / total if total else None,
        )
        for part in parts
    ]
    return Table(columns, rows)
