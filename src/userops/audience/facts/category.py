"""Which event property says what kind of thing an event is about: the catalogue's best candidate."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from userops.events.models import Product, PropertyDefinition
from userops.query.dates import milliseconds
from userops.query.filters import text_sql
from userops.query.scope import Scope
from userops.query.sql import statement

SQL = Path(__file__).parent / "sql"
NAMED = ("category", "品类", "类目", "分类")
"""What the names of such properties hold, the best first."""
MOST_MEASURED = 12
DAYS = 90
DIFFERENT = range(2, 201)
_SUFFERED = frozenset({"order_id", "session", "currency"})


def best_candidate(scope: Scope, product: Product) -> str:
    """A property whose name says so; else, of those with a few values, the one that most events carry.
    Empty where there is none."""
    rows = PropertyDefinition.objects.filter(
        product=product, of=PropertyDefinition.Of.EVENT, type="text", hidden=False
    )
    personal = scope.personal()
    known = set(rows.values_list("name", flat=True)) - _SUFFERED
    names = sorted(name for name in known if ("event", name) not in personal)
    for part in NAMED:
        found = [name for name in names if part in name.lower()]
        if found:
            return min(found, key=lambda name: (len(name), name))
    measured = {name: _measured(scope, name) for name in names[:MOST_MEASURED]}
    fitting = [name for name, (different, _) in measured.items() if different in DIFFERENT]
    return max(fitting, key=lambda name: measured[name][1], default="")


def _measured(scope: Scope, name: str) -> tuple[int, int]:
    """Different values, and events with one."""
    values = scope.values()
    pieces = {
        "text": text_sql(name, "event", values),
        "begin": values.instant(milliseconds(scope.now - timedelta(days=DAYS))),
    }
    row = scope.ask(statement(SQL / "values.sql", pieces), values).to_pylist()[0]
    return row["different"], row["events"]
