"""An import through the server that owns the data folder: it reads the file, we watch."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from userops.client import RemoteWorkspace, error_of
from userops.errors import StoreFailed
from userops.events.importers.mapping import Mapping
from userops.words import Words

EVERY = 0.3
"""Seconds between two looks at the run."""


def import_by_server(
    server: RemoteWorkspace,
    path: Path,
    product: str,
    mapping: Mapping,
    *,
    dry_run: bool,
    progress: Callable[[dict[str, Any]], None],
    cancelled: Callable[[], bool],
) -> dict[str, Any]:
    """Have the server import a file of this machine. Answers the same keys, and raises the same errors,
    as an import without a server."""
    begun = time.monotonic()
    started = server.errand(
        "import-start",
        product=product,
        path=str(path),
        mapping=msgspec.to_builtins(mapping),
        dry_run=dry_run,
    )
    outcome = _watch(server, started["key"], progress, cancelled)
    seconds = time.monotonic() - begun
    return {
        **outcome,
        "seconds": round(seconds, 3),
        "rows_per_second": round(outcome["rows"] / seconds),
        "notes": started["notes"],
    }


def _watch(
    server: RemoteWorkspace,
    key: str,
    progress: Callable[[dict[str, Any]], None],
    cancelled: Callable[[], bool],
) -> dict[str, Any]:
    """Tell the progress until the import ends; answers its outcome."""
    asked = False
    while True:
        told = _state(server, key)
        if told["progress"]:
            progress(told["progress"])
        if told["state"] == "done":
            outcome: dict[str, Any] = told["outcome"]
            return outcome
        if told["state"] in ("failed", "cancelled"):
            raise _ended(told)
        if cancelled() and not asked:
            asked = True
            server.errand("import-cancel", key=key)
        time.sleep(EVERY)


def _ended(told: dict[str, Any]) -> Exception:
    try:
        return error_of(told["error"] or {})
    except KeyError:
        text = (told["error"] or {}).get("message", told["state"])
        return StoreFailed(Words(text, text), code=f"import_{told['state']}")


def _state(server: RemoteWorkspace, key: str) -> dict[str, Any]:
    try:
        told: dict[str, Any] = server.errand("import-state", key=key)
    except StoreFailed as wrong:
        if wrong.code != "server_unreachable":
            raise
        raise StoreFailed(
            Words(
                "服务已停止；导入会在下次启动服务时继续。",
                "The server has stopped; the import goes on when it starts again.",
            ),
            code="server_stopped",
        ) from None
    return told
