"""Values of parameters as the engine's HTTP interface takes them, from Python and JSON, or from an input field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from userops.sql.checking import escaped
from userops.sql.problems import refused_text
from userops.sql.tokens import parameters
from userops.words import Words

_LITERALS = ("Array(", "Map(", "Tuple(", "Nested(")


def wire_values(text: str, given: Mapping[str, Any]) -> dict[str, str]:
    """The values of a text's parameters. Raises `Refused` for one that the text does not ask for."""
    types = {each.name: each.type for each in parameters(text)}
    for name in given:
        if name not in types:
            raise refused_text(
                Words(f"SQL 中没有参数 {name}。", f"The SQL has no parameter {name}."),
                code="sql_parameter_unknown",
                parameter=name,
            )
    return {name: _wire(value, types[name]) for name, value in given.items()}


def _wire(value: Any, type_: str) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str) and type_.startswith("Array(") and not value.lstrip().startswith("["):
        # what a person types into a field: a, b, c
        parts = [part.strip() for part in value.split(",") if part.strip()]
        return _literal(parts if "String" in type_ else [_Bare(part) for part in parts])
    if isinstance(value, str):
        return value if type_.startswith(_LITERALS) else escaped(value)
    return _literal(value) if isinstance(value, list | tuple | dict) else _plain(value)


class _Bare(str):
    """A text that is no string of the engine's: a number, a date."""

    __slots__ = ()


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.isoformat(
            sep=" ", timespec="seconds" if not value.microsecond else "microseconds"
        )
    return value.isoformat() if isinstance(value, date) else str(value)


def _literal(value: Any) -> str:
    """A value within a list, as the engine writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, _Bare):
        bare = value.replace("\\", "").replace("'", "")
        return bare if bare.replace(".", "", 1).lstrip("-").isdigit() else f"'{bare}'"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_literal(k)}: {_literal(v)}" for k, v in value.items()) + "}"
    if isinstance(value, bool | int | float):
        return _plain(value)
    return "'" + escaped(_plain(value)).replace("'", "\\'") + "'"
