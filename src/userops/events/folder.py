"""The data folder belongs to one process at a time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from userops.errors import StoreBusy
from userops.words import Words


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
