"""What the bell in every page's head needs to know."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest

from userops.notices.models import Notice


def unread(request: HttpRequest) -> dict[str, Any]:
    """`unread_notices`: how many; asked of the database by pages that show it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    mine = Notice.objects.filter(user_id=user.pk, read=None)
    return {"unread_notices": cache(mine.count)}
