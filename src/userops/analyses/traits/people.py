"""Who of a side has a trait."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from userops.analyses.table import People
from userops.analyses.traits.collecting import elsewhere_sql
from userops.analyses.traits.document import Traits
from userops.analyses.traits.naming import names_of
from userops.analyses.traits.sides import SQL, Behind, Sides, is_in, sides
from userops.errors import DocumentError
from userops.query.filters import text_sql
from userops.query.known import known_sql
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.words import Words


class Selection(BaseModel):
    """`{"side": "group", "kind": "event_property", "name": "city", "value": "上海"}`; without `kind`, all
    of the side."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    side: Literal["group", "rest"] = "group"
    kind: Literal["event", "event_property", "user_property"] | None = None
    name: str = Field(default="", max_length=200)
    value: str | None = None


def people_with(
    behind: Behind,
) -> Callable[[Traits, Scope, Mapping[str, Any], int, int], People]:
    def people(
        document: Traits, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
    ) -> People:
        """The persons of a side that have a trait. Raises `DocumentError`."""
        chosen = _selected(selection)
        with sides(document, scope, behind) as both:
            values = scope.values()
            pieces = both.pieces(values)
            having = _having(both, chosen, values, pieces, names_of(document))
            inside = pieces["inside"]
            if chosen.side == "rest":
                inside = f"not ({inside})"
            pieces |= {
                "having": having,
                "inside": f"({inside}) and {is_in(both.both, 'person', values)}",
                "offset": values.whole(offset),
                "limit": values.whole(limit),
            }
            row = both.rows("who_did", values, pieces)[0]
        return People(row["persons"], row["total"])

    return people


def _having(
    both: Sides, chosen: Selection, values: Values, pieces: dict[str, str], named: frozenset[str]
) -> str:
    if chosen.kind is None:
        return statement(SQL / "anyone.sql", {"whole": values.identifier(both.both.name)})
    if chosen.kind == "event":
        return statement(SQL / "did_event.sql", {**pieces, "event": values.text(chosen.name)})
    of: Literal["event", "user"] = "event" if chosen.kind == "event_property" else "user"
    if of == "user":
        # a property of the profile, or a fact
        known = known_sql({"value": chosen.name}, values)
        return statement(
            SQL / "has_value.sql", {"known": known, "wanted": values.text(chosen.value or "")}
        )
    value = text_sql(chosen.name, of, values)
    pieces = {**pieces, "elsewhere": elsewhere_sql(chosen.name, values, named)}
    wanted = values.text(chosen.value or "")
    return statement(SQL / "carries_value.sql", {**pieces, "value": value, "wanted": wanted})


def _selected(selection: Mapping[str, Any]) -> Selection:
    try:
        chosen = Selection.model_validate(dict(selection))
    except ValidationError:
        raise _no_number() from None
    by_value = chosen.kind in ("event_property", "user_property")
    if (chosen.kind is not None and not chosen.name) or by_value != (chosen.value is not None):
        raise _no_number()
    return chosen


def _no_number() -> DocumentError:
    return DocumentError(
        Words("选择不正确：人群特征中没有这个数字。", "The traits have no such number."),
        code="selection_invalid",
        hint=Words(
            '应形如 {"side": "group", "kind": "event_property", "name": "city", "value": "上海"}。',
            'It is like {"side": "group", "kind": "event_property", "name": "city", "value": "上海"}.',
        ),
    )
