"""A page's button: the action is carried out, and what came of it is said on the next page."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from userops.errors import UserOpsError
from userops.workspace.forms import said


def carried_out(request: HttpRequest, act: Callable[[], object], done: str = "") -> bool:
    """Whether it worked: says `done`, or what the action refused."""
    try:
        act()
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
        return False
    if done:
        messages.success(request, done)
    return True
