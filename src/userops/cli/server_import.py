"""An import through the server that owns the data folder: it reads the file, we watch."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from userops.client import RemoteWorkspace
from userops.errors import NotFound, StoreBusy, UserOpsError
from userops.events.importers.mapping import Mapping
from userops.words import Words

EVERY = 0.3
"""Seconds between two looks at the run."""
_OVER = frozenset({"done", "failed", "cancelled"})
_DEFAULT_TIMEZONE = "Asia/Shanghai"


def import_by_server(
    server: RemoteWorkspace,
    path: Path,
    product: str,
    mapping: Mapping,
    *,
    progress: Callable[[dict[str, Any]], None],
    cancelled: Callable[[], bool],
) -> dict[str, Any]:
    """Have the server import a file of this machine. Answers the same keys as an import without a
    server. Raises what the server refused, or `import_cancelled`."""
    _ensure_product(server, product, mapping.timezone)
    place = f"/api/products/{product}/imports"
    run = _call(server, "POST", f"{place}/from-path", _options(path, mapping))
    asked = False
    while run["state"] not in _OVER:
        if cancelled() and not asked:
            asked = True
            _call(server, "POST", f"{place}/{run['id']}/cancel", {})
        time.sleep(EVERY)
        run = _call(server, "GET", f"{place}/{run['id']}")
        if run["progress"]:
            progress(run["progress"])
    if run["state"] != "done":
        raise _ended(run)
    report = _call(server, "GET", f"{place}/{run['id']}/report")
    counts = {name: run[name] for name in ("rows", "stored", "refused", "duplicates")}
    return {"run": run["id"], **counts, "mapping": run["mapping"], "report": report}


def no_dry_run() -> StoreBusy:
    """A dry run compares with the store, which the server owns."""
    return StoreBusy(
        Words(
            "服务器正在运行，命令行无法试运行。",
            "A server owns the data folder, so a dry run is not possible from here.",
        ),
        code="dry_run_needs_folder",
        hint=Words(
            "请在导入页面使用“检查”，或先停止服务器。",
            "Use “Check” on the import page, or stop the server first.",
        ),
    )


def _ensure_product(server: RemoteWorkspace, slug: str, timezone: str) -> None:
    try:
        _call(server, "GET", f"/api/products/{slug}")
    except UserOpsError as wrong:
        if wrong.code not in (NotFound.code, "product_not_found"):
            raise
        body = {"slug": slug, "name": slug, "timezone": timezone or _DEFAULT_TIMEZONE}
        _call(server, "POST", "/api/products", body)


def _options(path: Path, mapping: Mapping) -> dict[str, Any]:
    found = mapping.file
    return {
        "path": str(path),
        "user": mapping.user,
        "time": mapping.time,
        "event": mapping.event,
        "event_name": mapping.event_name,
        "event_map": _pairs(mapping.event_map),
        "time_format": mapping.time_format,
        "timezone": mapping.timezone,
        "props": ",".join(mapping.props),
        "all_props": mapping.all_props,
        "fields": _pairs(mapping.fields),
        "uuid": mapping.uuid,
        "profile": mapping.profile,
        "dedupe": mapping.dedupe,
        "encoding": found.encoding,
        "delimiter": found.delimiter,
        "header": found.header,
        "quotes": found.quotes,
        "sheet": found.sheet,
    }


def _pairs(names: dict[str, str]) -> str:
    return ",".join(f"{value}={name}" for value, name in names.items())


def _call(server: RemoteWorkspace, method: str, path: str, body: Any = None) -> dict[str, Any]:
    sent = None if body is None else json.dumps(body).encode()
    answer: dict[str, Any] = json.loads(server.call(method, path, sent))
    return answer


def _ended(run: dict[str, Any]) -> UserOpsError:
    error = run["error"] or {}
    text = error.get("message", run["state"])
    words = Words(error.get("message_zh", text), error.get("message_en", text))
    return UserOpsError(words, code=error.get("code", f"import_{run['state']}"))
