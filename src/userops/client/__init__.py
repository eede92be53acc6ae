"""The Python door: the same questions to a data folder or to a running server.

>>> import userops
>>> shop = userops.open("./userops-data")                       # doctest: +SKIP
>>> shop.query({"kind": "trend", "product": "demo", ...}).pandas()  # doctest: +SKIP
"""

from __future__ import annotations

import os
from pathlib import Path

from userops.client.local import LocalWorkspace
from userops.client.remote import RemoteWorkspace, error_of
from userops.client.workspace import QueryResult, SqlResult, Workspace
from userops.errors import NotFound
from userops.events.folder import server_of
from userops.words import Words

__all__ = [
    "LocalWorkspace", "QueryResult", "RemoteWorkspace", "SqlResult", "Workspace",
    "error_of", "open_workspace", "running_server",
]  # fmt: skip


def open_workspace(path_or_url: str, *, token: str | None = None) -> Workspace:
    """See `userops.open`. A folder that a server owns is asked through that server."""
    if path_or_url.startswith(("http://", "https://")):
        return RemoteWorkspace(path_or_url, token)
    data = Path(path_or_url).expanduser().absolute()
    server = running_server(data)
    if server is not None:
        return server
    if not (data / "secret.key").exists() and not os.environ.get("DATABASE_URL"):
        raise NotFound(
            Words(f"{data} 不是 UserOps 数据目录。", f"{data} is not a UserOps data folder."),
            code="folder_not_found",
            hint=Words(
                "先运行 userops init 或 userops demo。", "Run userops init or userops demo first."
            ),
        )
    return LocalWorkspace(data)


def running_server(data: Path) -> RemoteWorkspace | None:
    """The server that owns a data folder; None when there is none alive."""
    facts = server_of(data)
    return RemoteWorkspace(facts["url"], facts["token"], local=True) if facts else None
