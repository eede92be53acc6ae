"""Who did, or did not, what a candidate says, and who of them reached the goal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.correlation.asking import SQL, per_person_sql
from userops.analyses.correlation.document import Correlation
from userops.analyses.table import People
from userops.errors import DocumentError
from userops.query.scope import Scope
from userops.query.sql import Values, all_of, statement
from userops.words import Words

_KINDS = ("event", "active_days", "property")


def people(
    document: Correlation, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """`{"kind": "event", "name": "share", "times": 2, "did": true, "reached": true}`; `kind` is `event`,
    `active_days` or `property` (with `value`); without `kind`, of everyone. Raises `DocumentError`."""
    _check(document, selection)
    property_ = selection["name"] if selection.get("kind") == "property" else None
    values = scope.values()
    pieces = {
        "per_person": per_person_sql(document, scope, values, property_),
        "chosen": _chosen(selection, values),
        "offset": values.whole(offset),
        "limit": values.whole(limit),
    }
    row = scope.ask(statement(SQL / "people.sql", pieces), values).to_pylist()[0]
    return People(row["persons"], row["total"])


def _chosen(selection: Mapping[str, Any], values: Values) -> str:
    conditions = []
    if "kind" in selection:
        times = values.whole(selection["times"])
        if selection["kind"] == "active_days":
            did = f"active_days >= {times}"
        else:
            named = "value" if selection["kind"] == "property" else "name"
            what = values.text(selection[named])
            did = f"arrayExists(each -> each.1 = {what} and each.2 >= {times}, done)"
        conditions.append(did if selection.get("did", True) else f"not ({did})")
    if "reached" in selection:
        conditions.append("reached" if selection["reached"] else "not reached")
    return all_of(conditions)


def _check(document: Correlation, selection: Mapping[str, Any]) -> None:
    known = {"kind", "name", "value", "times", "did", "reached"}
    flags = [selection[name] for name in ("did", "reached") if name in selection]
    fits = set(selection) <= known and all(isinstance(flag, bool) for flag in flags)
    if "kind" in selection:
        kind, times = selection["kind"], selection.get("times")
        texts = {"event": ["name"], "property": ["name", "value"]}.get(str(kind), [])
        fits = fits and kind in _KINDS and type(times) is int and 0 <= times <= 1_000
        fits = fits and all(isinstance(selection.get(name), str) for name in texts)
        if kind == "property":
            fits = fits and selection.get("name") in [each.property for each in document.properties]
    else:
        fits = fits and not set(selection) & {"name", "value", "times", "did"}
    if not fits:
        raise DocumentError(
            Words(
                f"选择不正确：{dict(selection)!r}。",
                f"The selection is wrong: {dict(selection)!r}.",
            ),
            code="selection_invalid",
            hint=Words(
                '格式如 {"kind": "event", "name": "share", "times": 2, "did": true, "reached": true}。',
                'It reads like {"kind": "event", "name": "share", "times": 2, "did": true, "reached": true}.',
            ),
        )
