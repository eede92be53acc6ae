"""The states of a lifecycle: one record owns the label, the sentence and the SQL of each."""

from __future__ import annotations

from dataclasses import dataclass

from userops.words import Words


@dataclass(frozen=True, slots=True)
class State:
    """`sql` is over a person's `now`, `before` (active in the unit, in the one before) and `first`
    (the unit of the first occurrence); `{unit}` is the unit's number.
    """

    name: str
    words: Words
    sentence: Words
    sql: str


STATES: tuple[State, ...] = (
    State(
        "new",
        Words("新增", "New"),
        Words("新增 = 首次出现落在本{unit}", "new = first ever occurrence in this {unit}"),
        "now and first = {unit}",
    ),
    State(
        "returning",
        Words("留存", "Returning"),
        Words(
            "留存 = 本{unit}与上{unit}都活跃",
            "returning = active in this {unit} and the one before",
        ),
        "now and before",
    ),
    State(
        "resurrected",
        Words("回流", "Resurrected"),
        Words(
            "回流 = 本{unit}活跃、上{unit}不活跃且并非新增",
            "resurrected = active in this {unit}, not in the one before, and not new",
        ),
        "now and not before and first != {unit}",
    ),
    State(
        "dormant",
        Words("流失", "Dormant"),
        Words(
            "流失 = 上{unit}活跃而本{unit}不活跃，画在零线以下",
            "dormant = active in the {unit} before, not in this one, drawn below zero",
        ),
        "before and not now",
    ),
)
ACTIVE = State(
    "active",
    Words("活跃", "Active"),
    Words("活跃 = 新增 + 留存 + 回流", "active = new + returning + resurrected"),
    "now",
)
BY_NAME: dict[str, State] = {state.name: state for state in (*STATES, ACTIVE)}
