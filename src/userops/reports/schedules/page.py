"""Pages of report schedules: the list, one with its log, the form."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.calendars.reading import calendar_of, unpublished_years
from userops.errors import UserOpsError
from userops.events.models import Product
from userops.reports.kinds import BY_NAME
from userops.reports.schedules import actions
from userops.reports.schedules.form import ScheduleForm, initial_of
from userops.reports.schedules.models import Dispatch, Schedule
from userops.reports.schedules.tasks import carry_out_now
from userops.reports.schedules.telling import dry_run
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.roles import Permission

SHOWN_RUNS = 30


@product_page(Permission.VIEW)
def listing(request: HttpRequest, product: Product) -> HttpResponse:
    """All schedules, and which years nobody knows yet."""
    rows = Schedule.objects.filter(product=product).prefetch_related("runs", "members", "channels")
    context = {
        "rows": [(each, each.runs.first()) for each in rows],
        "kinds": {name: kind.words for name, kind in BY_NAME.items()},
        "unpublished": unpublished_years(calendar_of(product), datetime.now(UTC)),
    }
    return render(request, "reports/schedules/list.html", context)


@product_page(Permission.WRITE_REPORTS)
def create(request: HttpRequest, product: Product) -> HttpResponse:
    """The empty form, and what comes of it."""
    form = ScheduleForm(request.POST or None, product=product)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_schedule(product, form.wanted(), acting_user=member(request))
            return redirect("report_schedules:one", product.slug, made.pk)
        except UserOpsError as wrong:
            form.refuse(wrong)
    return render(request, "reports/schedules/form.html", {"form": form, "schedule": None})


@product_page(Permission.WRITE_REPORTS)
def edit(request: HttpRequest, product: Product, schedule: int) -> HttpResponse:
    """The form of one."""
    row = get_object_or_404(Schedule, product=product, pk=schedule)
    form = ScheduleForm(request.POST or None, product=product, initial=initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_schedule(row, form.wanted(), acting_user=member(request))
            return redirect("report_schedules:one", product.slug, row.pk)
        except UserOpsError as wrong:
            form.refuse(wrong)
    return render(request, "reports/schedules/form.html", {"form": form, "schedule": row})


@product_page(Permission.WRITE_REPORTS)
def one(request: HttpRequest, product: Product, schedule: int) -> HttpResponse:
    """What will happen next, and what was sent to whom."""
    row = get_object_or_404(Schedule, product=product, pk=schedule)
    runs = row.runs.select_related("issue").prefetch_related("dispatches__channel")
    context = {
        "schedule": row,
        "kind": BY_NAME[row.kind].words if row.kind in BY_NAME else row.kind,
        "next": dry_run(row),
        "runs": runs[:SHOWN_RUNS],
    }
    return render(request, "reports/schedules/one.html", context)


@require_POST
@product_page(Permission.WRITE_REPORTS)
def change(request: HttpRequest, product: Product, schedule: int) -> HttpResponse:
    """`do`: pause, resume, run, again (a mail), or delete."""
    row = get_object_or_404(Schedule, product=product, pk=schedule)
    do, user = request.POST.get("do", ""), member(request)
    try:
        if do == "delete":
            actions.delete_schedule(row, acting_user=user)
            messages.success(request, _("“%s” is deleted.") % row.name)
            return redirect("report_schedules:list", product.slug)
        _do(row, do, request)
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("report_schedules:one", product.slug, row.pk)


def _do(row: Schedule, do: str, request: HttpRequest) -> None:
    user = member(request)
    if do == "pause":
        actions.pause(row, acting_user=user)
    elif do == "resume":
        actions.resume(row, acting_user=user)
    elif do == "run":
        run = actions.run_now(row, acting_user=user)
        messages.success(request, _("%s is being built and sent.") % run.period)
        carry_out_now()
    elif do == "again":
        key = request.POST.get("mail", "")
        mail = get_object_or_404(Dispatch, run__schedule=row, pk=int(key) if key.isdecimal() else 0)
        actions.send_again(mail, acting_user=user)
        carry_out_now()
