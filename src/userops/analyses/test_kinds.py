"""The kinds of properties against a count by hand."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from userops.analyses.kinds import kinds_sql
from userops.analyses.streams import examples

VALUES = st.sampled_from([None, "", "tea", "7", 7, 7.5, True, "nan"])
NAMES = ["a", "b.c", "city", "amount", "$hour"]


@examples(25)
@given(rows=st.lists(st.tuples(VALUES, VALUES, st.sampled_from(["", "上海", "8"])), max_size=12))
def test_rows_numbers_and_values_are_counted(make_scope: Any, rows: list[Any]) -> None:
    events = [
        {
            "event": "x", "uid": 1, "ts": 1_709_294_400_000 + at, "city": city,
            "amount": first if type(first) in (int, float) else None,
            "props": {
                name: value for name, value in (("a", first), ("b.c", second)) if value is not None
            },
        }
        for at, (first, second, city) in enumerate(rows)
    ]  # fmt: skip
    scope = make_scope(events)
    values = scope.values()
    sql = ", ".join(kinds_sql(NAMES, "event", values))
    asked = f"select {sql} from events where product = {{product:UInt32}}"
    found = scope.ask(asked, values).to_pylist()[0]
    texts: dict[int, list[str]] = {
        0: [text(row[0]) for row in rows],
        1: [text(row[1]) for row in rows],
        2: [row[2] for row in rows],
        3: [text(row[0]) if type(row[0]) in (int, float) else "" for row in rows],
    }
    for at, mine in texts.items():
        assert found[f"given_{at}"] == sum(each != "" for each in mine)
        assert found[f"numbers_{at}"] == sum(each in ("7", "7.5", "8") for each in mine)
        assert found[f"values_{at}"] == len(set(mine)), (NAMES[at], mine)
    assert found["given_4"] == len(rows) and found["values_4"] == len(rows[:1])


def text(value: Any) -> str:
    return "" if value is None else "true" if value is True else str(value)
