"""Who has a need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.needs.asking import SQL, Asking, Subject, subject_of
from userops.analyses.needs.document import Needs
from userops.analyses.table import People
from userops.errors import DocumentError
from userops.query.filters import text_sql
from userops.query.scope import Scope
from userops.query.sql import Values, all_of, statement
from userops.query.steps import EventStep
from userops.words import Words

_FIELDS = ("kind", "name", "more")


def people(
    document: Needs, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """`{"kind": "search", "name": "奶粉"}`, `{"kind": "exit", "name": "cart"}`, `{"kind": "failure", "name":
    "pay_fail", "more": "TIMEOUT"}`, `{"kind": "gap", "name": "share"}`. Raises `DocumentError`."""
    if not set(selection) <= set(_FIELDS) or not all(
        isinstance(each, str) for each in selection.values()
    ):
        raise _unknown(selection)
    asking, subject = Asking(document, scope), subject_of(document, scope)
    values = scope.values()
    having = _having(asking, subject, selection, values)
    pieces = {"having": having, "limit": values.whole(limit), "offset": values.whole(offset)}
    row = asking.rows("people", values, pieces)[0]
    return People(row["persons"], row["total"])


def _having(asking: Asking, subject: Subject, selection: Mapping[str, Any], values: Values) -> str:
    kind, name = selection.get("kind"), selection.get("name", "")
    pieces = asking.pieces(values)
    if kind == "exit" and name in subject.steps[:-1]:
        level = values.add(subject.steps.index(name) + 1, "UInt8")
        levels = asking.levels_sql(subject.steps, values, pieces)
        return statement(SQL / "having_exit.sql", {"levels": levels, "level": level})
    if kind == "gap" and name:
        wanted = EventStep(event=name).sql(values, asking.scope.person)
        return statement(SQL / "having_gap.sql", {**pieces, "wanted": wanted})
    if kind == "search" and subject.search is not None and name:
        search = asking.search_pieces(subject.search, values)
        tests = [
            search["search"],
            f"{search['results']} = 0",
            f"{search['word']} = {values.text(name)}",
        ]
    elif kind == "failure" and name in dict(subject.failures):
        tests = [f"event = {values.text(name)}"]
        reason = dict(subject.failures)[name]
        if reason and "more" in selection:
            text = text_sql(reason, "event", values)
            tests.append(f"toString({text}) = {values.text(selection['more'])}")
    else:
        raise _unknown(selection)
    return statement(SQL / "having_event.sql", {**pieces, "wanted": all_of(tests)})


def _unknown(selection: Mapping[str, Any]) -> DocumentError:
    return DocumentError(
        Words(
            f"选择不正确：{dict(selection)!r}。", f"The selection is wrong: {dict(selection)!r}."
        ),
        code="selection_invalid",
        hint=Words(
            '格式如 {"kind": "search", "name": "奶粉"}，kind 为 search、exit、failure 或 gap。',
            'It reads like {"kind": "search", "name": "milk"}; kind is search, exit, failure or gap.',
        ),
    )
