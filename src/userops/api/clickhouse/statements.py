"""Statements besides SELECT that clients send: SHOW, DESCRIBE, EXISTS and the like, as a SELECT of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NAME = r"[`\"]?([\w-]+)[`\"]?"
_END = r"(?:\s+format\s+(\w+))?\s*;?\s*"
_SHOW = re.compile(
    rf"\s*show\s+(databases|schemas|tables)(?:\s+(?:from|in)\s+{_NAME})?{_END}", re.IGNORECASE
)
_DESCRIBE = re.compile(
    rf"\s*(?:describe|desc)\s+(?:table\s+)?(?:{_NAME}\s*\.\s*)?{_NAME}{_END}", re.IGNORECASE
)
_EXISTS = re.compile(
    rf"\s*exists\s+(?:table\s+|view\s+)?(?:{_NAME}\s*\.\s*)?{_NAME}{_END}", re.IGNORECASE
)
_KILL = re.compile(
    r"\s*kill\s+query\s+where\s+query_id\s*=\s*'([\w.:-]{1,100})'\s*(?:sync|async)?\s*;?\s*",
    re.IGNORECASE,
)

_DATABASES = "select name from system.databases order by name"
_TABLES = "select name from system.tables order by name"
_COLUMNS = (
    "select name, type, '' as default_type, '' as default_expression, comment, '' as codec_expression,"
    " '' as ttl_expression from system.columns where table = {userops_table:String} order by position"
)
_FOUND = (
    "select toUInt8(count() > 0) as result from system.tables where name = {userops_table:String}"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A text of ours for one of theirs. `database`: the one that it names, if any."""

    text: str
    database: str = ""
    values: dict[str, str] = field(default_factory=dict)


def translated(text: str) -> Statement | None:
    """Our text for a statement that is no SELECT; None where it is for the parser to judge."""
    if found := _SHOW.fullmatch(text):
        ours = _TABLES if found[1].lower() == "tables" else _DATABASES
        return Statement(_formatted(ours, found[3]), found[2] or "")
    for pattern, ours in ((_DESCRIBE, _COLUMNS), (_EXISTS, _FOUND)):
        if found := pattern.fullmatch(text):
            return Statement(
                _formatted(ours, found[3]), found[1] or "", {"userops_table": found[2]}
            )
    return None


def killed(text: str) -> str | None:
    """The query id of a KILL QUERY."""
    found = _KILL.fullmatch(text)
    return found[1] if found else None


def _formatted(text: str, format_: str | None) -> str:
    return f"{text} format {format_}" if format_ else text
