"""From a JSON document to an answer: the one way that all doors take."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Protocol

import pyarrow as pa
from pydantic import ValidationError

from userops.analyses import turns
from userops.analyses.analysis import Analysis
from userops.analyses.registry import BY_KIND
from userops.analyses.remembering import Remembered, quarter_of
from userops.analyses.table import People, Table
from userops.analyses.turns import HEAVY, LIGHT
from userops.config import current
from userops.errors import DocumentError
from userops.events.engine import Engine
from userops.events.personal import Personal
from userops.events.store import ProductFacts
from userops.query.document import Document
from userops.query.naming import naming
from userops.query.personal import Sight, check_sight
from userops.query.plan import Plan
from userops.query.problems import document_error
from userops.query.scope import Scope
from userops.words import Words


class Source(Protocol):
    """What answering needs of the event store."""

    @property
    def engine(self) -> Engine: ...

    def facts(self, slug: str) -> ProductFacts: ...

    def builds(self, product: int) -> dict[date, int]: ...

    def fact_versions(self, product: int) -> dict[str, int]: ...

    def fact_words(self, product: int) -> dict[str, Words]: ...

    def personal(self, product: int) -> Personal: ...

    def first_time(self, product: int) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A resolved question and its figures, as they stood at `data_time`."""

    analysis: Analysis
    document: Document
    result: dict[str, Any]
    definition: Words
    data_time: datetime
    took_ms: float
    plan: Plan
    names: Mapping[str, Words] = field(default_factory=dict)
    """What facts of the product are called."""

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.analysis.kind,
            "query": self.document.as_json(),
            "hash": self.document.hash(),
            "definition": self.definition.as_dict(),
            "data_time": self.data_time.isoformat(timespec="seconds"),
            "took_ms": round(self.took_ms, 1),
            "plan": self.plan.as_json(),
            "result": self.result,
        }

    def table(self) -> Table:
        with naming(self.names):
            return self.analysis.table(self.document, self.result)

    def chart(self, language: str) -> dict[str, Any]:
        with naming(self.names):
            return self.analysis.chart(self.document, self.result, language)

    def arrow(self) -> pa.Table:
        """The table as Arrow, columns named by their stable names."""
        table = self.table()
        columns = list(zip(*table.plain(), strict=True)) or [() for _ in table.columns]
        return pa.table(
            {
                column.name: pa.array(cells)
                for column, cells in zip(table.columns, columns, strict=True)
            }
        )


def parse(document: Mapping[str, Any] | Any) -> tuple[Analysis, Document]:
    """Validate a document. Raises `DocumentError` that says what, expected, got, how to mend."""
    if not isinstance(document, Mapping):
        raise DocumentError(
            Words("查询文档应为 JSON 对象。", "A query document must be a JSON object."),
            code="document_not_an_object",
        )
    kind = document.get("kind")
    analysis = BY_KIND.get(kind) if isinstance(kind, str) else None
    if analysis is None:
        known = ", ".join(BY_KIND)
        raise DocumentError(
            Words(
                f"kind 应为以下之一：{known}；实际为 {kind!r}。",
                f"kind must be one of {known}; got {kind!r}.",
            ),
            code="kind_unknown",
        )
    try:
        return analysis, analysis.document.model_validate(document)
    except ValidationError as wrong:
        raise document_error(wrong, document, analysis.problems) from None
    except RecursionError:
        raise DocumentError(
            Words("查询文档嵌套过深。", "The query document nests too deeply.")
        ) from None


def answer(
    document: Mapping[str, Any],
    source: Source,
    *,
    query_id: str | None = None,
    asker: str = "",
    until: datetime | None = None,
    sight: Sight = Sight.FILTERED,
    clock: Callable[[], float] = time.perf_counter,
) -> Answer:
    """Parse, resolve and run a document, or take the answer that was given before.

    `asker` names who asks: those who ask share the engine fairly. `query_id` lets `cancel` stop it. `until` takes the
    place of the document's own. `sight`: what may come out of personal properties; without being told, none of
    their values. Raises `PersonalProperty`.
    """
    analysis, question, scope = _prepared(document, source, query_id, until)
    check_sight(question.as_json(), scope.personal(), sight)

    def run(
        begin: Callable[[], None],
    ) -> tuple[Version, tuple[dict[str, Any], float, datetime, Plan]]:
        begun = clock()
        lane = HEAVY if analysis.plan(question, scope).source == "events" else LIGHT
        with lane.turn(asker, query_id, key):
            begin()
            # what came in while this waited counts too
            now = _scope(question, source, query_id)
            if lane.crowded:
                # dividing the work over the processors costs up to as much again; others use them
                now = replace(now, threads=1)
            plan = analysis.plan(question, now)
            result = analysis.run(question, now)
        asked = now.now if question.until is None else datetime.now(UTC)
        return _version(now), (result, (clock() - begun) * 1000, asked, plan)

    key = (source.engine.dsn, scope.product, analysis.asked(question), scope.currency)
    result, took, data_time, plan = _remembered().get(key, _version(scope), run, query_id)
    names = source.fact_words(scope.product)
    with naming(names):
        definition = analysis.definition(question)
    return Answer(analysis, question, result, definition, data_time, took, plan, names)


Version = tuple[int, int]
"""Of a product's data, and the quarter of an hour."""


def _version(scope: Scope) -> Version:
    return scope.version, quarter_of(scope.now)


@cache
def _remembered() -> Remembered:
    return Remembered(current().result_cache * 2**20)


def forget_answers() -> None:
    """Forget all answers given before."""
    _remembered().clear()


def cancel(query_id: str, source: Source) -> None:
    """Stop a question, whether it waits or runs; does nothing when it has ended."""
    turns.cancel(query_id)
    _remembered().cancel(query_id)
    source.engine.cancel(query_id)


def explain(document: Mapping[str, Any], source: Source) -> Plan:
    """Where a document would be answered from, and why; without answering it."""
    analysis, question, scope = _prepared(document, source, None)
    return analysis.plan(question, scope)


def resolved(document: Mapping[str, Any], source: Source) -> Document:
    """The same question with absolute dates."""
    return _prepared(document, source, None)[1]


def people(
    document: Mapping[str, Any],
    source: Source,
    selection: Mapping[str, Any],
    *,
    limit: int = 100,
    offset: int = 0,
) -> People:
    """Who is behind one number of a document's result."""
    analysis, question, scope = _prepared(document, source, None)
    return analysis.people(question, scope, selection, limit, offset)


def _prepared(
    document: Mapping[str, Any], source: Source, query_id: str | None, until: datetime | None = None
) -> tuple[Analysis, Document, Scope]:
    analysis, question = parse(document)
    if until is not None:
        question = question.model_copy(update={"until": until})
    scope = _scope(question, source, query_id)
    first_day: date | None = None
    if question.range.preset == "all_time":
        first = source.first_time(scope.product)
        first_day = first.astimezone(scope.zone).date() if first else None
    return analysis, question.resolve(scope, first_day), scope


def _scope(question: Document, source: Source, query_id: str | None) -> Scope:
    """The product of a question as it is now, or as its data ended."""
    facts, now = source.facts(question.product), datetime.now(UTC)
    return Scope(
        engine=source.engine,
        product=facts.id,
        slug=facts.slug,
        timezone=facts.timezone,
        merged=facts.merged,
        now=question.as_of(now),
        query_id=query_id,
        version=facts.version,
        users=facts.users,
        currency=facts.currency,
        builds=lambda: source.builds(facts.id),
        facts=lambda: source.fact_versions(facts.id),
        personal=lambda: source.personal(facts.id),
    )
