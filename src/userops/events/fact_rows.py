"""How the rows of a fact are read, and its values written."""

from __future__ import annotations

IN = "$in"
"""The value of those who belong to a set that has no values of its own, such as a segment."""


def value_key(name: str, value: str) -> str:
    """Under what the words of a fact's value stand, beside those of facts."""
    return f"{name}={value}"


def rows_sql(person: str, name: str, version: str) -> str:
    """The statement for a fact's `person` and `value`; name and version are placeholders."""
    which = f"product = {{product:UInt32}} and name = {name} and version = {version}"
    if person == "uid":
        return f"select uid as person, value from facts where {which}"  # noqa: S608
    own = f"argMin(value, (uid != {person}, uid))"
    return f"select {person} as person, {own} as value from facts where {which} group by person"  # noqa: S608


def as_text(value: str | float | bool) -> str:
    """A value as the engine writes it as text: `true`, `3`, `2.5`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
