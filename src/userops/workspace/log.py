"""The audit log: who did what, one row for each change made through an action."""

from __future__ import annotations

from typing import Any

from userops.events.models import Product
from userops.workspace.models import LogEntry, User


def note(
    who: User | None,
    action: str,
    *,
    product: Product | None = None,
    target: str = "",
    **details: Any,
) -> LogEntry:
    """Record one change. `action` is a stable name such as `member.invited`; never a secret."""
    return LogEntry.objects.create(
        product=product,
        who=who.email if who else "",
        action=action,
        target=target[:400],
        details=details,
    )
