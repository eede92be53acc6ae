"""Questions and their answers: the same documents that pages, CLI and Python use."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Any, Literal

import orjson
import pyarrow as pa
from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Query, Router, Schema, Status

from userops.analyses import answering
from userops.analyses.registry import ANALYSES
from userops.analyses.remembering import ARRIVED, asked_at
from userops.analyses.table import Table
from userops.api.auth import caller, product_for, require_scope, sight
from userops.api.bodies import RequestBody
from userops.events import store
from userops.events.models import Product
from userops.maintenance.people import people_behind
from userops.sql.asking import cancel as cancel_sql
from userops.words import Words
from userops.workspace.models import Scope
from userops.workspace.roles import Permission

router = Router(tags=["analyses"])

Document = dict[str, Any]
QueryName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
ARROW = "application/vnd.apache.arrow.stream"
ANSWER = "userops.answer"
"""In the metadata of an Arrow stream: the answer as JSON."""
_ACCEPTED = {"text/csv": "csv", ARROW: "arrow"}
EXAMPLES = {
    "requestBody": {
        "content": {
            "application/json": {
                "examples": {each.kind: {"value": dict(each.example)} for each in ANALYSES}
            }
        }
    }
}


class PlanOut(Schema):
    source: Literal["rollup", "events", "both"]
    reason: dict[str, str]
    rollup_days: int
    event_days: int


class AnswerOut(Schema):
    kind: str
    query: Document
    hash: str
    definition: dict[str, str]
    data_time: str
    took_ms: float
    plan: PlanOut
    result: dict[str, Any]


@router.post("/query", response=AnswerOut, openapi_extra=EXAMPLES)
def query(
    request: HttpRequest,
    document: Document = Body(...),
    format: Literal["json", "csv", "arrow"] | None = Query(None),  # noqa: A002
    query_id: QueryName | None = Query(None),
) -> Any:
    """Answer a query document. `format` (or the header Accept) chooses JSON, CSV or an Arrow stream.

    With a `query_id` of your choice the query can be cancelled while it runs.
    """
    product = _check(request, document, Permission.VIEW)
    known = engine_id(request, query_id) if query_id else None
    with asked_at(request.META.get(ARRIVED)):
        answer = answering.answer(
            document, store.current(), query_id=known, asker=str(caller(request).user.pk),
            sight=sight(request, product),
        )  # fmt: skip
    wanted = format or _ACCEPTED.get(request.headers.get("Accept", "").split(";")[0].strip())
    if wanted == "csv":
        return HttpResponse(csv_text(answer.table()), content_type="text/csv; charset=utf-8")
    # not through the schema: what an analysis answers is JSON already, and may be long
    written = orjson.dumps(answer.as_json(), option=orjson.OPT_NON_STR_KEYS)
    if wanted == "arrow":
        # the whole answer goes along, so that nobody has to ask twice for both
        table = answer.arrow().replace_schema_metadata({ANSWER: written})
        return HttpResponse(arrow_stream(table), content_type=ARROW)
    return HttpResponse(written, content_type="application/json; charset=utf-8")


def _check(request: HttpRequest, document: Document, permission: Permission) -> Product:
    """Raises `DocumentError` before anything is said about the product."""
    _analysis, question = answering.parse(document)
    return product_for(request, question.product, permission)


def engine_id(request: HttpRequest, query_id: str) -> str:
    """The engine's name of a caller's query."""
    # nobody can cancel what somebody else has asked
    return f"api-{caller(request).user.pk}-{query_id}"


def csv_text(table: Table) -> str:
    """Columns by their stable names. For programs: nothing is escaped for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.name for column in table.columns])
    writer.writerows(table.plain())
    return out.getvalue()


def arrow_stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


@router.post("/query/explain", response=PlanOut)
def explain(request: HttpRequest, document: Document = Body(...)) -> dict[str, Any]:
    """Where a document would be answered from, without answering it: from the daily rollups, from the
    events, or from both; and why."""
    _check(request, document, Permission.VIEW)
    return answering.explain(document, store.current()).as_json()


class PeopleIn(RequestBody):
    document: Document
    selection: dict[str, Any] = Field(
        default_factory=dict,
        description="Which number of the result; see the analysis's reference.",
    )
    limit: int = Field(100, ge=1, le=10_000)
    offset: int = Field(0, ge=0, le=10_000_000)


class PersonBehind(Schema):
    uid: int
    id: str


class PeopleOut(Schema):
    total: int
    people: list[PersonBehind]


@router.post("/query/people", response=PeopleOut)
def people(request: HttpRequest, body: PeopleIn) -> dict[str, Any]:
    """Who is behind one number of an answer. Needs the scope `people`."""
    _check(request, body.document, Permission.SEE_PEOPLE)
    return people_behind(
        store.current(), body.document, body.selection, limit=body.limit, offset=body.offset
    )


class CancelIn(RequestBody):
    query_id: QueryName


@router.post("/query/cancel", response={204: None})
def cancel(request: HttpRequest, body: CancelIn) -> Status[None]:
    """Stop a running query of your own; does nothing when it has ended."""
    require_scope(request, Scope.QUERY)
    named = engine_id(request, body.query_id)
    answering.cancel(named, store.current())
    cancel_sql(named, store.current().engine)
    return Status(204, None)


class AnalysisOut(Schema):
    kind: str
    name: dict[str, str]
    document: dict[str, Any] = Field(description="JSON schema of the query document")
    example: Document


@router.get("/analyses", response=list[AnalysisOut])
def analyses(request: HttpRequest) -> list[dict[str, Any]]:
    """The kinds of questions, each with the JSON schema of its document and an example."""
    require_scope(request, Scope.QUERY)
    return [
        {
            "kind": each.kind,
            "name": _both(each.words),
            "document": each.document.model_json_schema(),
            "example": dict(each.example),
        }
        for each in ANALYSES
    ]


def _both(words: Words) -> dict[str, str]:
    return words.as_dict()
