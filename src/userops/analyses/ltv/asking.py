"""The statements of an LTV: who started, what they spent."""

from __future__ import annotations

from pathlib import Path

from userops.analyses.breakdown import known_join
from userops.analyses.ltv.calendar import Calendar, period_sql
from userops.analyses.ltv.document import Ltv, Paid
from userops.query.dates import bucket_sql
from userops.query.filters import conditions_sql, number_sql
from userops.query.scope import Scope
from userops.query.sql import Values, all_of, statement

SQL = Path(__file__).parent / "sql"


def starts_sql(document: Ltv, scope: Scope, days: Calendar, values: Values) -> str:
    """The text of `starts.sql`."""
    parts, columns = [], ""
    known: dict[str, str] = {}
    for place, each in enumerate(document.breakdown):
        if each.of == "user":
            known[f"known_{place}"] = each.property
            parts.append(f"known_{place}")
        else:
            text = each.sql(values)
            columns += (
                f", argMax({text}, (-toUnixTimestamp64Milli(ts), {text})) as at_start_{place}"
            )
            parts.append(f"at_start_{place}")
    pieces = {
        "person": scope.person,
        "columns": columns,
        "cohort": bucket_sql(document.unit, "at"),
        "value": f"tuple({', '.join(parts)})" if parts else "0",
        "known": known_join(known, values, "started.person"),
        "start": _matching(document, document.start.sql(values, scope.person), scope, values),
        "begin": values.instant(days.begin),
        "after": values.instant(days.end),
    }
    return statement(SQL / "starts.sql", pieces)


def spending_pieces(document: Ltv, scope: Scope, days: Calendar, values: Values) -> dict[str, str]:
    """What `spent.sql` and `payers.sql` share. A refund's amount is taken off, whatever its sign."""
    bought = document.purchase.sql(values, scope.person)
    money = _money(document.purchase, values)
    amount, condition = money, bought
    if document.refund is not None:
        refunded = document.refund.sql(values, scope.person)
        back = _money(document.refund, values)
        amount = f"if({refunded}, -abs({back}), {money})"
        condition = f"({bought}) or ({refunded})"
        bought = f"({bought}) and not ({refunded})"
    return {
        "starts": starts_sql(document, scope, days, values),
        "person": scope.person,
        "period": period_sql(document),
        "amount": amount,
        "paid": _matching(document, f"({bought}) and {money} > 0", scope, values),
        "condition": _matching(document, condition, scope, values),
        "begin": values.instant(days.begin),
        "until": values.instant(days.until),
    }


def _matching(document: Ltv, condition: str, scope: Scope, values: Values) -> str:
    return all_of([condition, conditions_sql(document.filters, values, scope.person)])


def _money(paid: Paid, values: Values) -> str:
    """The amount of a row, 0 where there is none."""
    number = f"ifNull({number_sql(paid.property, 'event', values)}, 0)"
    return f"if(isFinite({number}), {number}, 0)"
