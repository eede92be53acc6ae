"""The Python door: the same questions to a data folder or to a running server.

>>> import userops
>>> shop = userops.open("./userops-data")                       # doctest: +SKIP
>>> shop.query({"kind": "trend", "product": "demo", ...}).pandas()  # doctest: +SKIP
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from userops.client.local import LocalWorkspace
from userops.client.remote import RemoteWorkspace, error_of
from userops.client.workspace import QueryResult, SqlResult, Workspace
from userops.errors import NotFound
from userops.words import Words

__all__ = [
    "SERVER_FILE", "LocalWorkspace", "QueryResult", "RemoteWorkspace", "SqlResult", "Workspace",
    "error_of", "folder_of", "open_workspace", "running_server",
]  # fmt: skip
SERVER_FILE = "server.json"


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


def folder_of(data: Path) -> list[int]:
    """What a data folder is, however it is called: a copy of it is another one, which no server owns."""
    found = data.stat()
    return [found.st_dev, found.st_ino]


def running_server(data: Path) -> RemoteWorkspace | None:
    """The server that owns a data folder; None when there is none alive."""
    try:
        facts = json.loads((data / SERVER_FILE).read_text())
        os.kill(facts["pid"], 0)
        if facts["folder"] != folder_of(data):
            return None
    except (OSError, ValueError, KeyError):
        return None
    return RemoteWorkspace(facts["url"], facts["token"], local=True)
