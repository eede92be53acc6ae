"""The values that a property has, offered while a filter is written."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, JsonResponse

from userops.events.catalogue import personal_of
from userops.events.models import Product
from userops.events.store import Store, current
from userops.query.filters import text_sql
from userops.query.known import known_sql
from userops.query.sql import Values, statement
from userops.workspace.access import product_page
from userops.workspace.roles import Permission

SQL = Path(__file__).parent / "sql"
LONGEST = 200


@product_page(Permission.VIEW)
def values(request: HttpRequest, product: Product) -> JsonResponse:
    """`?property=event:city` → `{"values": ["上海", …]}`, the most frequent first.

    Values of users' properties, and of personal ones of events, are for those who may see single users.
    """
    of, _, name = request.GET.get("property", "").partition(":")
    known = of == "event" and (of, name) not in personal_of(product.pk)
    allowed = known or Permission.SEE_PEOPLE in request.granted  # type: ignore[attr-defined]
    if not name or of not in ("event", "user") or not allowed:
        return JsonResponse({"values": []})
    return JsonResponse({"values": frequent(current(), product.pk, of, name)})


def frequent(store: Store, product: int, of: str, name: str) -> list[str]:
    given = Values(lambda: store.fact_versions(product), product=product)
    if of == "user":
        sql = statement(SQL / "user_values.sql", {"known": known_sql({"value": name}, given)})
    else:
        sql = statement(SQL / "event_values.sql", {"value": text_sql(name, "event", given)})
    return [str(row[0])[:LONGEST] for row in store.engine.rows(sql, given.parameters)]
