"""A member's own notices."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from userops.notices import actions
from userops.notices.models import Notice
from userops.workspace.access import member

PAGE = 50


@login_required
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """The newest first; `unread=1` shows only those."""
    rows = Notice.objects.filter(user=member(request)).select_related("product")
    only_unread = request.GET.get("unread") == "1"
    shown = rows.filter(read=None) if only_unread else rows
    asked = request.GET.get("page", "")
    context = {
        "rows": Paginator(shown, PAGE).get_page(asked if len(asked) < 8 else 1),
        "unread": rows.filter(read=None).count(),
        "only_unread": only_unread,
    }
    return render(request, "notices/inbox/page.html", context)


@login_required
@never_cache
def open_notice(request: HttpRequest, notice: int) -> HttpResponse:
    """Go where a notice leads; it is read now."""
    row = get_object_or_404(Notice, pk=notice, user=member(request))
    actions.mark_read(member(request), notice=row.pk)
    return redirect(row.link or "notices:inbox")


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark one (`notice`) or all as read."""
    asked = request.POST.get("notice", "")
    actions.mark_read(member(request), notice=int(asked) if asked.isdecimal() else None)
    return redirect("notices:inbox")
