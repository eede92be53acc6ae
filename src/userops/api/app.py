"""The API: OpenAPI at /api/openapi.json, its pages at /api/docs."""

from __future__ import annotations

from ninja import Swagger

import userops
from userops.api import errors
from userops.api.auth import Limit, PageAuth, TokenAuth
from userops.api.routes import (
    alerting,
    annotating,
    arriving,
    calendars,
    catalogue,
    channels,
    comparing,
    deadlines,
    desk,
    facts,
    health,
    imports,
    maintenance,
    pain_points,
    people,
    personas,
    products,
    query,
    reporting,
    requirements,
    rules,
    saved,
    schedules,
    segments,
    sql,
    survey_files,
    survey_results,
    survey_topics,
    surveys,
    tags,
    ticket_imports,
    tickets,
    topics,
    understanding,
    wording,
)

DESCRIPTION = """\
Everything that the pages do, for programs.

Send a token as `Authorization: Bearer uo_…` (make one on the page “API tokens”). It acts for its owner,
within its scopes: `query` asks analyses, `people` sees single users, `import` brings files in, `manage`
changes products, keys, members and the catalogue. Lists take `limit` and `offset`. Every error has the
same body: a stable `code`, the message in both languages, whether a retry helps, and what to do.
"""

api = errors.Api(
    title="UserOps",
    version=userops.__version__,
    description=DESCRIPTION,
    auth=[TokenAuth(), PageAuth()],
    throttle=[Limit()],
    docs=Swagger(settings={"persistAuthorization": True, "docExpansion": "none"}),
    urls_namespace="api",
)
errors.install(api)
api.add_decorator(errors.only_what_there_is)
api.add_router("", health.router)
api.add_router("", query.router)
for each in (
    products, catalogue, people, imports, saved, sql, annotating, alerting, facts, tags, segments,
    reporting, schedules, comparing, personas, calendars, tickets, ticket_imports, arriving, desk, surveys,
    survey_files, survey_results, survey_topics, deadlines, channels, pain_points, requirements, rules,
    understanding, topics, wording,
):  # fmt: skip
    api.add_router("/products", each.router)
api.add_router("/local", maintenance.router)
