"""The door of the command line to the server that owns the data folder. Only for this machine's own token,
which is why it is not part of the public description of the API."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Body, Router

from userops.api.auth import is_local
from userops.errors import NotAllowed, NotFound
from userops.events import store
from userops.maintenance.errands import ERRANDS
from userops.words import Words

router = Router()


@router.post("/{errand}", include_in_schema=False)
def run(request: HttpRequest, errand: str, arguments: dict[str, Any] = Body(...)) -> Any:
    """Run an errand of `maintenance.errands` on the open store."""
    if not is_local(request):
        raise NotAllowed(
            Words(
                "只有服务器本机的命令行可以使用这个地址。",
                "Only the command line of the server's own machine may use this.",
            ),
            code="local_only",
        )
    if errand not in ERRANDS:
        raise NotFound(Words(f"没有 {errand!r}。", f"There is no {errand!r}."))
    return {"answer": ERRANDS[errand](store.current(), **arguments)}
