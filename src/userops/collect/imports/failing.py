"""How an import in the background ends that cannot go on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from userops.errors import UserOpsError
from userops.words import Words

log = logging.getLogger("userops.imports")

UNEXPECTED = Words(
    "导入中断，原因见服务器日志；再次导入同一文件，已写入的行不会重复。",
    "The import broke off; the server's log says why. Rows that are stored already will not be stored twice when the"
    " file is imported again.",
)


@contextmanager
def failing(rows: QuerySet[Any], failed: str) -> Iterator[None]:
    """What goes wrong within is kept with the import, whose `state` becomes `failed`: it would be called running for
    ever. A stop of the server passes: it is gone on with afterwards."""
    try:
        yield
    except Exception as wrong:
        words = wrong.words if isinstance(wrong, UserOpsError) else UNEXPECTED
        if words is UNEXPECTED:
            log.exception("an import failed")
        rows.update(state=failed, error=words.as_dict(), finished=datetime.now(UTC))
