"""Pages of working calendars: the list, one with its year, its own days and a trial, the form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.calendars import actions
from userops.calendars.form import (
    CalendarForm,
    DayForm,
    TableForm,
    TrialForm,
    initial_for,
    initial_of,
)
from userops.calendars.models import WorkCalendar
from userops.calendars.reading import calendar_of, own_days, unpublished_years
from userops.calendars.year import months_of
from userops.errors import UserOpsError
from userops.events.models import Product
from userops.timezones import timezone_names
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.roles import Permission
from userops.worktime.calendar import Calendar
from userops.worktime.clock import due
from userops.worktime.ledger import ledger, uncertain
from userops.worktime.published import REGIONS
from userops.worktime.table import published_days, written_table

SHOWN_PROBLEMS = 10


@product_page(Permission.VIEW)
def listing(request: HttpRequest, product: Product) -> HttpResponse:
    """All calendars, and years that nobody knows yet."""
    rows = list(WorkCalendar.objects.filter(product=product).prefetch_related("days"))
    context = {
        "rows": [(row, _grouped(row.week), REGIONS[row.region]) for row in rows],
        "unpublished": unpublished_years(calendar_of(product), datetime.now(UTC)),
    }
    return render(request, "calendars/list.html", context)


def _grouped(week: list[str]) -> list[tuple[int, int, str]]:
    """Weekdays in a row with the same hours: first, last, hours."""
    found: list[tuple[int, int, str]] = []
    for number, hours in enumerate(week):
        if found and found[-1][2] == hours:
            found[-1] = (found[-1][0], number, hours)
        else:
            found.append((number, number, hours))
    return [each for each in found if each[2] != "off"]


@product_page(Permission.MANAGE_DESK)
def create(request: HttpRequest, product: Product) -> HttpResponse:
    """The empty form, and what comes of it."""
    form = CalendarForm(request.POST or None, initial=initial_for(product))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_calendar(product, form.wanted(), acting_user=member(request))
            return redirect("calendars:one", product.slug, made.pk)
        except UserOpsError as wrong:
            form.refuse(wrong)
    context = {"form": form, "calendar": None, "timezones": timezone_names()}
    return render(request, "calendars/form.html", context)


@product_page(Permission.MANAGE_DESK)
def edit(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """The form of one."""
    row = get_object_or_404(WorkCalendar, product=product, pk=pk)
    form = CalendarForm(request.POST or None, initial=initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_calendar(row, form.wanted(), acting_user=member(request))
            return redirect("calendars:one", product.slug, row.pk)
        except UserOpsError as wrong:
            form.refuse(wrong)
    context = {"form": form, "calendar": row, "timezones": timezone_names()}
    return render(request, "calendars/form.html", context)


@product_page(Permission.VIEW)
def one(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """`year`: which one is drawn; `start` and `hours`: a trial."""
    row = get_object_or_404(WorkCalendar, product=product, pk=pk)
    calendar, now = row.calendar(), datetime.now(UTC)
    today = calendar.day_of(now)
    year = _year(request.GET.get("year", ""), today.year)
    context = {
        "calendar": row,
        "region": REGIONS[row.region],
        "months": months_of(calendar, year, today),
        "year": year,
        "known": calendar.knows(year),
        "own": own_days(row),
        "unpublished": unpublished_years(calendar, now),
        "day_form": DayForm(),
        "table_form": TableForm(),
        **_trial(request, calendar, now),
    }
    return render(request, "calendars/one.html", context)


def _year(text: str, this: int) -> int:
    year = int(text) if text.isdecimal() and len(text) == 4 else this
    return year if this - 20 <= year <= this + 20 else this


def _trial(request: HttpRequest, calendar: Calendar, now: datetime) -> dict[str, Any]:
    local = now.astimezone(calendar.zone).replace(tzinfo=None, second=0, microsecond=0)
    if "start" not in request.GET:
        return {"trial": TrialForm(initial={"start": local, "hours": 8})}
    form = TrialForm(request.GET)
    if not form.is_valid():
        return {"trial": form}
    start = form.cleaned_data["start"].replace(tzinfo=calendar.zone).astimezone(UTC)
    target = timedelta(hours=float(form.cleaned_data["hours"]))
    try:
        end = due(calendar, start, target)
    except UserOpsError as wrong:
        form.refuse(wrong)
        return {"trial": form}
    lines, supposed = ledger(calendar, start, end, target), uncertain(calendar, start, end)
    return {"trial": form, "due": end, "lines": lines, "supposed": supposed}


@require_POST
@product_page(Permission.MANAGE_DESK)
def change(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """`do`: standard, delete, day, forget (a day), table."""
    row = get_object_or_404(WorkCalendar, product=product, pk=pk)
    do, user = request.POST.get("do", ""), member(request)
    try:
        if do == "delete":
            actions.delete_calendar(row, acting_user=user)
            messages.success(request, _("“%s” is deleted.") % row.name)
            return redirect("calendars:list", product.slug)
        _do(request, row, do)
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("calendars:one", product.slug, row.pk)


def _do(request: HttpRequest, row: WorkCalendar, do: str) -> None:
    user = member(request)
    if do == "standard":
        actions.make_standard(row, acting_user=user)
    elif do in ("day", "forget"):
        form = DayForm(request.POST)
        if not form.is_valid():
            messages.error(request, _first_error(form))
            return
        given = form.cleaned_data
        hours = given["hours"] if do == "day" else None
        actions.set_day(row, given["day"], hours, text=given["note"], acting_user=user)
    elif do == "table":
        _take(request, row)


def _take(request: HttpRequest, row: WorkCalendar) -> None:
    form = TableForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _first_error(form))
        return
    found = actions.take_table(
        row, form.text(), replace=form.cleaned_data["replace"], acting_user=member(request)
    )
    taken = len(found.days)
    messages.success(request, ngettext("%d day is taken.", "%d days are taken.", taken) % taken)
    language = get_language() or "zh-hans"
    for each in found.problems[:SHOWN_PROBLEMS]:
        words = {"row": each.row, "why": each.words.text(language)}
        messages.warning(request, _("Row %(row)d was not taken: %(why)s") % words)


def _first_error(form: Any) -> str:
    return str(next(iter(form.errors.values()))[0])


@product_page(Permission.VIEW)
def table(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """The own days as CSV; `year`: the published days of a year, to begin a table with."""
    row = get_object_or_404(WorkCalendar, product=product, pk=pk)
    asked = request.GET.get("year", "")
    if asked:
        year = _year(asked, datetime.now(UTC).year)
        language = get_language() or "zh-hans"
        days, name = published_days(row.calendar(), year, language), f"holidays-{year}"
    else:
        days, name = dict(own_days(row)), "own-days"
    answer = HttpResponse(written_table(days), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{product.slug}-{name}.csv"'
    return answer
