"""SQL over one product: the same read-only SQL as on its page and through ClickHouse clients."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from userops.api.auth import caller, product_for
from userops.api.bodies import RequestBody
from userops.api.routes.query import ARROW, QueryName, arrow_stream, csv_text, engine_id
from userops.insights.sql.asking import ask, ask_arrow
from userops.sql.answers import SHOWN, Question
from userops.workspace.roles import Permission

MORE = "X-UserOps-More"
"""Header of an answer that is a file: 1 when there are rows beyond the limit."""

router = Router(tags=["analyses"])

Value = str | bool | int | float | list[Any] | dict[str, Any] | None


class SqlIn(RequestBody):
    text: str = Field(
        max_length=65_536, examples=["select event, count() from events group by event"]
    )
    parameters: dict[str, Value] = Field(
        default_factory=dict, description="Values of the text's {name:Type} parameters."
    )
    limit: int = Field(
        SHOWN,
        ge=1,
        le=100_000_000,
        description="Rows at most. More than 10,000 need the permission to export people.",
    )
    query_id: QueryName | None = Field(
        None, description="A name of your choice, to cancel it while it runs."
    )


class SqlColumn(Schema):
    name: str
    type: str


class SqlOut(Schema):
    columns: list[SqlColumn]
    rows: list[list[Any]]
    more: bool = Field(description="There are rows beyond the limit.")
    took_ms: float


@router.post("/{slug:product}/sql", response=SqlOut)
def sql(
    request: HttpRequest,
    product: str,
    body: SqlIn,
    format: Literal["json", "csv", "arrow"] = Query("json"),  # noqa: A002
) -> Any:
    """Ask read-only SQL. `format` chooses JSON, CSV or an Arrow stream. Needs the scope `people`."""
    found = product_for(request, product, Permission.SEE_PEOPLE)
    named = engine_id(request, body.query_id) if body.query_id else None
    user = caller(request).user
    question = Question(
        found.slug, body.text, body.parameters, body.limit, named, asker=str(user.pk)
    )
    if format == "arrow":
        table, more = ask_arrow(question, found, door="api", acting_user=user)
        return _file(arrow_stream(table), ARROW, more)
    answer = ask(question, found, door="api", acting_user=user)
    if format == "csv":
        return _file(csv_text(answer.table()), "text/csv; charset=utf-8", answer.more)
    return answer.as_json()


def _file(content: str | bytes, media_type: str, more: bool) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response[MORE] = "1" if more else "0"
    return response
