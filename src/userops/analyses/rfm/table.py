"""An RFM as rows: the groups, the pairs of scores, or the movement between groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from userops.analyses.pricing import priced
from userops.analyses.rfm.document import Rfm
from userops.analyses.rfm.groups import ABSENT, ABSENT_WORDS, LABELS, NAMES, STRATEGIES
from userops.analyses.table import Column, Table
from userops.words import Words

STATES: dict[str, Words] = {**LABELS, ABSENT: ABSENT_WORDS}
USERS = Words("人数", "Users")
SHARE = Words("人数占比", "Share of users")
VALUE = Words("金额", "Value")
VALUE_SHARE = Words("金额占比", "Share of value")

_MONEY = ("value", "monetary")
_GROUPS = (
    Column("group", Words("分组", "Group"), labels=LABELS),
    Column("users", USERS, "whole"),
    Column("share", SHARE, "share"),
    Column("value", VALUE, "number"),
    Column("value_share", VALUE_SHARE, "share"),
    Column("recency", Words("平均 R（天）", "Mean R (days)"), "number"),
    Column("frequency", Words("平均 F", "Mean F"), "number"),
    Column("monetary", Words("平均 M", "Mean M"), "number"),
    Column("strategy", Words("建议策略", "Suggested strategy"), "sentence", STRATEGIES),
)
_MATRIX = (
    Column("recency", Words("R 得分", "R score"), "whole"),
    Column("frequency", Words("F 得分", "F score"), "whole"),
    Column("users", USERS, "whole"),
    Column("share", SHARE, "share"),
    Column("value", VALUE, "number"),
    Column("monetary", Words("平均 M", "Mean M"), "number"),
)
_MOVEMENT = (
    Column("group", Words("现在的分组", "Group now"), labels=STATES),
    Column("before", Words("之前人数", "Users before"), "whole"),
    Column("now", Words("现在人数", "Users now"), "whole"),
    Column("change", Words("净变化", "Change"), "gain"),
    *(
        Column(f"from_{name}", Words(f"来自“{words.zh}”", f"From “{words.en}”"), "whole")
        for name, words in STATES.items()
    ),
)


def _groups(result: dict[str, Any]) -> Table:
    rows = [
        tuple(group["group" if column.name == "strategy" else column.name] for column in _GROUPS)
        for group in result["groups"]
    ]
    return Table(priced(_GROUPS, _MONEY, result), rows)


def _matrix(result: dict[str, Any]) -> Table:
    rows = [tuple(cell[column.name] for column in _MATRIX) for cell in result["matrix"]]
    return Table(priced(_MATRIX, _MONEY, result), rows)


def _movement(result: dict[str, Any]) -> Table:
    """`absent` is not counted in before and now: nobody knows how many have never bought."""
    moves = result["movement"]["moves"]
    rows: list[tuple[Any, ...]] = []
    for place, name in enumerate((*NAMES, ABSENT)):
        before, now = sum(moves[place]), sum(line[place] for line in moves)
        counts = (None, None, None) if name == ABSENT else (before, now, now - before)
        rows.append((name, *counts, *(line[place] for line in moves)))
    return Table(_MOVEMENT, rows)


_BY_VIEW: dict[str, Callable[[dict[str, Any]], Table]] = {
    "groups": _groups,
    "matrix": _matrix,
    "movement": _movement,
}


def table(document: Rfm, result: dict[str, Any]) -> Table:
    return _BY_VIEW[document.view](result)
