"""The data folder belongs to one process at a time; a server that owns it says how it is reached."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from userops.errors import StoreBusy
from userops.words import Words

SERVER_FILE = "server.json"
"""In a data folder while a server runs: its `url`, `pid`, the `token` for this machine's other doors, its `folder`."""


def lock_folder(data: Path) -> IO[str]:
    """Take the data folder for this process; the lock ends with the file. Raises `StoreBusy`."""
    data.mkdir(parents=True, exist_ok=True)
    file = (data / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        owner = file.read().strip() or "?"
        file.close()
        raise StoreBusy(
            Words(
                f"数据目录 {data} 正被进程 {owner} 使用。",
                f"The data folder {data} is in use by process {owner}.",
            ),
            hint=Words("请先停止该进程，或稍后重试。", "Stop that process, or try again later."),
        ) from None
    file.seek(0)
    file.truncate()
    file.write(str(os.getpid()))
    file.flush()
    return file


@contextmanager
def announced(data: Path, url: str) -> Iterator[None]:
    """Tell the other doors of this machine where the server is, and give them a key to it."""
    path = data / SERVER_FILE
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    facts = {
        "url": url,
        "pid": os.getpid(),
        "token": secrets.token_urlsafe(32),
        "folder": _which(data),
    }
    with os.fdopen(descriptor, "w") as file:
        json.dump(facts, file)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def server_of(data: Path) -> dict[str, Any] | None:
    """What the server that owns a data folder says of itself; None when there is none alive."""
    try:
        facts: dict[str, Any] = json.loads((data / SERVER_FILE).read_text())
        os.kill(facts["pid"], 0)
        return facts if facts["folder"] == _which(data) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _which(data: Path) -> list[int]:
    """What a data folder is, however it is called: a copy of it is another one, which no server owns."""
    found = data.stat()
    return [found.st_dev, found.st_ino]
