from __future__ import annotations

from django.db import connection
from django.http import HttpRequest
from ninja import Router, Schema

import userops
from userops.api.errors import ErrorBody
from userops.events import store

router = Router(tags=["health"])


class Health(Schema):
    status: str
    version: str
    schema_version: int


@router.get("/health", auth=None, throttle=[], response={200: Health, 503: ErrorBody})
def health(request: HttpRequest) -> Health:
    """Whether this server can answer questions: both databases are asked."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    version = store.current().engine.value("select max(version) from schema_versions")
    return Health(status="ready", version=userops.__version__, schema_version=int(version))
