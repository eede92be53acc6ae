"""Reading: which events a document looks at, in which span of time."""

from __future__ import annotations

from userops.analyses.paths.document import PathsDocument
from userops.analyses.timelines import Reading, What
from userops.analyses.vocabulary import Vocabulary, named_sql, vocabulary, wanted_sql
from userops.query.filters import conditions_sql
from userops.query.scope import Scope
from userops.query.sql import Values, all_of

SESSION_GAP_MS = 30 * 60_000


def bounds(document: PathsDocument, scope: Scope) -> tuple[int, int]:
    """The first millisecond that is read, and the first that is not. A window may reach out of the range."""
    begin, end = document.range.bounds(scope.zone)
    if document.within == "session":
        return begin, end
    if document.backward:
        return begin - document.span_ms, end
    return begin, end + document.span_ms


def words_of(document: PathsDocument, scope: Scope) -> Vocabulary:
    return vocabulary(scope, document.sources, document.filters, *bounds(document, scope))


def reading(document: PathsDocument, scope: Scope, names: Vocabulary) -> Reading:
    """For sessions every event is read, since any event keeps a session alive."""
    steps = [step for step in (document.start, document.end) if step is not None]
    sessions = document.within == "session"
    begin, until = bounds(document, scope)

    def what(values: Values) -> What:
        fits = conditions_sql(document.filters, values, scope.person)
        code = names.code_sql(values, scope.person)
        flags = [
            all_of([each for each in (fits, step.sql(values, scope.person)) if each != "1"])
            for step in steps
        ]
        wanted = wanted_sql(names.sources, document.filters, values, scope.person)
        if sessions:
            code = code if fits == "1" else f"if({fits}, {code}, 0)"
        return What(code, tuple(flags), "1" if sessions else wanted)

    return Reading(
        scope=scope,
        begin=begin,
        until=until,
        bits=names.bits + len(steps),
        what=what,
        named=lambda values: "1" if sessions else named_sql(names.sources, values),
        spare=max(SESSION_GAP_MS, document.span_ms),
    )
