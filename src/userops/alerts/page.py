"""The pages of alerts: the list, one with its chart and history, the form, and what is done with one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.alerts import actions
from userops.alerts.chart import chart
from userops.alerts.explaining import address
from userops.alerts.form import AlertForm, initial_of
from userops.alerts.judging import judge
from userops.alerts.messages import compared
from userops.alerts.models import Alert, Check, Kind
from userops.alerts.reading import line_words, read, trend_of
from userops.errors import UserOpsError
from userops.events.models import Product
from userops.events.store import current
from userops.insights.actions import visible
from userops.insights.models import SavedAnalysis
from userops.insights.saved.page import page_of
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.language import reader_language
from userops.workspace.roles import Permission

PAGE = 100
SNOOZES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


def visible_alerts(request: HttpRequest, product: Product) -> QuerySet[Alert]:
    """Those on shared trends, and on the reader's own."""
    seen = Q(analysis__shared=True) | Q(analysis__owner=member(request))
    rows = Alert.objects.filter(seen, product=product)
    return rows.select_related("analysis", "owner", "product")


def find(request: HttpRequest, product: Product, pk: int) -> Alert:
    found = visible_alerts(request, product).filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


@product_page(Permission.VIEW)
def alerts(request: HttpRequest, product: Product) -> HttpResponse:
    """All of a product, those that are outside first."""
    now = datetime.now(UTC)
    rows = sorted(visible_alerts(request, product), key=lambda each: not each.outside_since)
    context = {
        "rows": [(each, each.snoozed(now), each.checks.first()) for each in rows],
        "trends": _trends(request, product),
    }
    return render(request, "alerts/list.html", context)


def _trends(request: HttpRequest, product: Product) -> QuerySet[SavedAnalysis]:
    mine = Q(shared=True) | Q(owner=member(request))
    return SavedAnalysis.objects.filter(mine, product=product, kind="trend").order_by("name")


@product_page(Permission.ANALYSE)
def new(request: HttpRequest, product: Product) -> HttpResponse:
    """The form for a saved trend (`analysis`), or the choice of one."""
    chosen = request.GET.get("analysis", "") or request.POST.get("analysis", "")
    trends = _trends(request, product)
    analysis = trends.filter(pk=int(chosen)).first() if chosen.isdecimal() else None
    if analysis is None:
        return render(request, "alerts/new.html", {"trends": trends})
    form = AlertForm(request.POST or None, analysis=analysis, user=member(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_alert(analysis, form.wanted(), acting_user=member(request))
            messages.success(request, _("“%s” is watched from now on.") % made.name)
            return redirect("alerts:one", product.slug, made.pk)
        except UserOpsError as wrong:
            form.refuse(wrong)
    return render(request, "alerts/form.html", {"form": form, "analysis": analysis})


@product_page(Permission.ANALYSE)
def edit(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    alert = find(request, product, pk)
    form = AlertForm(
        request.POST or None,
        analysis=alert.analysis,
        user=member(request),
        initial=initial_of(alert),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_alert(alert, form.wanted(), acting_user=member(request))
            messages.success(request, _("Saved."))
            return redirect("alerts:one", product.slug, alert.pk)
        except UserOpsError as wrong:
            form.refuse(wrong)
    context = {"form": form, "analysis": alert.analysis, "alert": alert}
    return render(request, "alerts/form.html", context)


@product_page(Permission.VIEW)
def one(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Its chart with the bounds, what it found, and what may be done with it."""
    alert = find(request, product, pk)
    context = {
        "alert": alert,
        "snoozed": alert.snoozed(datetime.now(UTC)),
        "line": _line(alert),
        "trend_href": page_of(alert.analysis),
        "members": [user for user in alert.members.all() if visible(alert.analysis, user)],
        "channels": alert.channels.all(),
        "history": _history(request, alert),
        **_drawn(alert, product),
    }
    return render(request, "alerts/one.html", context)


def _line(alert: Alert) -> Any:
    try:
        return line_words(trend_of(alert.analysis.document), alert.series)
    except (UserOpsError, IndexError):
        return None


def _history(request: HttpRequest, alert: Alert) -> Any:
    rows = alert.checks.exclude(event="") if request.GET.get("all") != "1" else alert.checks.all()
    asked = request.GET.get("page", "")
    found = Paginator(rows, PAGE).get_page(asked if len(asked) < 8 else 1)
    for each in found:
        each.explained = address(alert, each.period) if each.event == Check.Event.FIRED else ""
    return found


def _drawn(alert: Alert, product: Product) -> dict[str, Any]:
    try:
        reading = read(alert, current(), datetime.now(UTC))
        judgement = judge(alert, reading)
    except UserOpsError as wrong:
        return {"failed": wrong}
    newest = judgement.verdicts[-1] if judgement.verdicts else None
    language = reader_language()
    return {
        "chart": chart(reading, judgement, product, language),
        "name": reading.words,
        "newest": newest,
        "compared": compared(alert, newest) if newest else None,
        "definition": reading.answer.definition,
        "anomaly": alert.kind == Kind.ANOMALY,
        "lacking": judgement.lacking,
    }


@require_POST
@product_page(Permission.ANALYSE)
def change(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """`do`: pause, resume, snooze (`for`: hour, day, week), wake, test or delete."""
    alert = find(request, product, pk)
    do = request.POST.get("do", "")
    try:
        if do == "delete":
            actions.delete_alert(alert, acting_user=member(request))
            messages.success(request, _("“%s” is deleted.") % alert.name)
            return redirect("alerts:list", product.slug)
        if do in _DOES:
            messages.success(request, _DOES[do](request, alert))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("alerts:one", product.slug, alert.pk)


def _pause(request: HttpRequest, alert: Alert) -> str:
    actions.switch_alert(alert, active=False, acting_user=member(request))
    return _("It is not watched any more.")


def _resume(request: HttpRequest, alert: Alert) -> str:
    actions.switch_alert(alert, active=True, acting_user=member(request))
    return _("It is watched from now on.")


def _snooze(request: HttpRequest, alert: Alert) -> str:
    span = SNOOZES.get(request.POST.get("for", ""), SNOOZES["day"])
    actions.snooze_alert(alert, until=datetime.now(UTC) + span, acting_user=member(request))
    return _("It is watched on, but nobody is told.")


def _wake(request: HttpRequest, alert: Alert) -> str:
    actions.snooze_alert(alert, until=None, acting_user=member(request))
    return _("It tells again.")


def _test(request: HttpRequest, alert: Alert) -> str:
    actions.test_alert(alert, current(), acting_user=member(request))
    return _("A test goes to everybody who is told.")


_DOES = {"pause": _pause, "resume": _resume, "snooze": _snooze, "wake": _wake, "test": _test}
