"""Which properties may tell where a figure moved: those with few values, and how far two tell the same."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from userops.analyses.breakdown import value_sql
from userops.analyses.change.document import WEEK, Change
from userops.events.fields import FIELDS
from userops.query.dates import DateRange
from userops.query.filters import MOMENTS, Of, conditions_sql
from userops.query.scope import Scope
from userops.query.sql import Values, all_of, any_of, statement
from userops.query.steps import Breakdown
from userops.stats.comparisons import cramers_v

SQL = Path(__file__).parent / "sql"
FEW = 50
"""A property with more values is a name or a number rather than a kind."""
MOST = 200
"""Names looked at of events, and of persons."""
CROSSED = 200


def candidates(
    document: Change, scope: Scope, periods: tuple[DateRange, DateRange]
) -> list[Breakdown]:
    """The properties asked for; without any, all that have from 2 to 50 values in the two periods."""
    if document.breakdown:
        return list(document.breakdown)
    begins = [each.bounds(scope.zone) for each in periods]
    span = (min(begin for begin, _ in begins), max(after for _, after in begins))
    values = scope.values()
    names = [field.name for field in FIELDS if field.type == "text" and field.low_cardinality]
    names += [moment.name for moment in MOMENTS if _tells(moment.name, periods)]
    names += _paths("paths", scope, values, _rows(document, scope, values, span))
    return [
        *_few("few", "event", names, document, scope, span),
        *_few("profile_few", "user", _profile_paths(scope), document, scope, span),
    ]


def _tells(moment: str, periods: tuple[DateRange, DateRange]) -> bool:
    """Weekdays tell nothing of periods that do not hold the same ones."""
    whole_weeks = all(each.days % WEEK == 0 for each in periods)
    return whole_weeks or moment != "$weekday"


def _rows(document: Change, scope: Scope, values: Values, span: tuple[int, int]) -> dict[str, str]:
    """The pieces that choose the events of the figure, of both periods and what lies between."""
    question = document.asked()
    steps = document.explaining.steps(question, document.chosen())
    condition = any_of([each.sql(values, scope.person) for each in steps])
    common = conditions_sql(question.filters, values, scope.person)
    return {
        "condition": all_of([condition, common]),
        "begin": values.instant(span[0]),
        "after": values.instant(span[1]),
    }


def _paths(name: str, scope: Scope, values: Values, pieces: Mapping[str, str]) -> list[str]:
    rows = scope.ask(statement(SQL / f"{name}.sql", pieces), values).to_pylist()
    return sorted(rows[0]["paths"])[:MOST]


def _profile_paths(scope: Scope) -> list[str]:
    return _paths("profile_paths", scope, scope.values(), {})


def _few(
    name: str,
    of: Of,
    names: list[str],
    document: Change,
    scope: Scope,
    span: tuple[int, int],
) -> list[Breakdown]:
    personal = scope.personal()  # values of these are not for a ranking that anybody may read
    names = [name for name in names if (of, name) not in personal]
    if not names:
        return []
    values = scope.values()
    found = [Breakdown(property=each, of=of) for each in names]
    counts = [
        f"uniqUpTo({FEW})(toString({each.sql(values)})) as few_{at}"
        for at, each in enumerate(found)
    ]
    pieces = {"counts": ", ".join(counts)}
    if of == "event":
        pieces |= _rows(document, scope, values, span)
    row = scope.ask(statement(SQL / f"{name}.sql", pieces), values).to_pylist()[0]
    return [each for at, each in enumerate(found) if 2 <= row[f"few_{at}"] <= FEW]


def alike(
    document: Change, scope: Scope, range_: DateRange, first: Breakdown, second: Breakdown
) -> float | None:
    """Cramér's V of two properties over the events of the figure in a period."""
    values = scope.values()
    value, known = value_sql((first, second), values, scope.person)
    pieces = _rows(document, scope, values, range_.bounds(scope.zone))
    pieces |= {"value": value, "known": known}
    rows = scope.ask(statement(SQL / "crossed.sql", pieces), values).to_pylist()
    ones, others = sorted({r["one"] for r in rows}), sorted({r["other"] for r in rows})
    if len(ones) > CROSSED or len(others) > CROSSED:
        return None
    cells = {(row["one"], row["other"]): row["events"] for row in rows}
    return cramers_v([[cells.get((one, other), 0) for other in others] for one in ones])
