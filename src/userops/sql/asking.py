"""A text asked of one product: checked, run on a connection of its own, within limits, and cancellable."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from userops.analyses.turns import Turns
from userops.errors import StoreFailed
from userops.events.engine import Engine
from userops.events.reading import BLOCKWISE, EngineSaid, reader
from userops.events.store import ProductFacts
from userops.sql.checking import Checked, check
from userops.sql.problems import NotPermitted, readable
from userops.sql.tables import prepare
from userops.words import Words

log = logging.getLogger("userops.sql")

PEOPLE = Turns(2)
"""SQL of pages, the API and the command line: two at a time, so that the analyses keep their share."""
CLIENTS = Turns(2)
"""SQL of ClickHouse clients, which hold their place for as long as they read."""

FILTERED = ("events", "profiles", "people", "taken", "active_users", "facts")
"""Tables of the store that hold rows of several products."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A text, the values of its parameters as the engine's HTTP interface takes them, and how to answer.

    `rows`: stop after so many; None: the limits of the settings, beyond which the answer is an error.
    `format`: where the text names none; with `only_format` it may name no other. `settings`: more of the
    engine's, which must be harmless. `formats`: those that may be used, None: any.
    """

    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    format: str = "JSONCompact"
    only_format: bool = False
    formats: Container[str] | None = None
    rows: int | None = None
    query_id: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    lane: Turns = field(default_factory=lambda: PEOPLE)
    asker: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The format that was used, and the answer in pieces."""

    format: str
    pieces: Iterator[bytes]


@contextlib.contextmanager
def asked(ask: Ask, facts: ProductFacts, engine: Engine) -> Iterator[Reply]:
    """The answer to a text, for as long as the block lasts. Errors are `UserOpsError`s, also while it is read."""
    database = prepare(engine, facts)
    with ask.lane.turn(ask.asker, ask.query_id), _mapped(facts, database, engine):
        checked = _checked(ask, facts, engine, database)
        format_ = ask.format if ask.only_format else checked.format or ask.format
        if ask.formats is not None and format_ not in ask.formats:
            raise NotPermitted(
                Words(f"不支持格式 {format_}。", f"The format {format_} is not served."),
                engine_code=73,
                engine_name="UNKNOWN_FORMAT",
            )
        settings = _settings(ask, facts, engine, held=format_ not in BLOCKWISE)
        with reader(engine, database, settings) as opened:
            yield Reply(format_, opened.read(checked.text, format_, ask.values))


def cancel(query_id: str, engine: Engine) -> None:
    """Stop a question, whether it waits or runs; does nothing when it has ended."""
    for lane in (PEOPLE, CLIENTS):
        lane.cancel(query_id)
    engine.cancel(query_id)


def _checked(ask: Ask, facts: ProductFacts, engine: Engine, database: str) -> Checked:
    with reader(engine, database, _settings(ask, facts, engine)) as opened:
        return check(opened, ask.text, ask.values, facts.slug, database)


def column_types(ask: Ask, facts: ProductFacts, engine: Engine) -> list[str]:
    """The engine's types of the columns of an answer, which is not made."""
    database = prepare(engine, facts)
    with (
        _mapped(facts, database, engine),
        reader(engine, database, _settings(ask, facts, engine)) as opened,
    ):
        checked = check(opened, ask.text, ask.values, facts.slug, database)
        told = opened.small(f"describe table (\n{checked.text}\n)", ask.values)
    return [line.split("\t")[1] for line in told.splitlines()]


def _settings(
    ask: Ask, facts: ProductFacts, engine: Engine, *, held: bool = True
) -> dict[str, Any]:
    """`held`: the answer is held in memory as a whole, so its size has a limit too."""
    limits = engine.limits
    home = engine.database
    filters = {f"{home}.{table}": f"product = {facts.id}" for table in FILTERED}
    pairs = ", ".join(f"'{table}': '{condition}'" for table, condition in filters.items())
    settings: dict[str, Any] = {
        "max_result_rows": limits.result_rows,
        "max_result_bytes": limits.result_mb * 2**20 if held else 0,
        "result_overflow_mode": "throw",
        "allow_suspicious_types_in_group_by": 1,
        "allow_suspicious_types_in_order_by": 1,
        "output_format_json_quote_denormals": 1,
        "output_format_arrow_string_as_string": 1,
        **limits.settings(),
        **ask.settings,
        # the views filter already; this holds even for a text that would name the tables themselves
        "additional_table_filters": "{" + pairs + "}",
    }
    if engine.embedded:
        settings["implicit_select"] = 0
    if ask.rows is not None:
        settings["limit"] = ask.rows
    if ask.query_id:
        settings["log_comment"] = ask.query_id
    return settings


@contextlib.contextmanager
def _mapped(facts: ProductFacts, database: str, engine: Engine) -> Iterator[None]:
    try:
        yield
    except EngineSaid as said:
        wrong = readable(str(said), facts.slug, database, engine.database)
        if isinstance(wrong, StoreFailed):
            log.error("SQL of product %s failed: %s", facts.slug, said)
        raise wrong from None
