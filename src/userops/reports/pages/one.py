"""One report: read, moved on, compared, exported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.events.store import current
from userops.publishing.exporters import EXPORTERS
from userops.publishing.numbers import shown
from userops.reports import actions, tasks
from userops.reports.comparing import Difference, FigureChange, against_now, between_issues
from userops.reports.exporting import export
from userops.reports.kinds import kind_of
from userops.reports.linting import lint_issue
from userops.reports.models import Issue, Status
from userops.reports.pages.reading import chapters
from userops.reports.pages.reports import language
from userops.reports.periods import between
from userops.reports.publication import publication_of
from userops.words import Words
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.log import note
from userops.workspace.roles import Permission


def find(request: HttpRequest, product: Product, pk: int) -> Issue:
    """The version that the address names (`version`), else the newest. 404 where there is none."""
    rows = Issue.objects.filter(report=pk, report__product=product)
    wanted = request.GET.get("version", "")
    if wanted.isdecimal() and len(wanted) < 6:
        rows = rows.filter(number=int(wanted))
    found = rows.select_related("report__product").order_by("-number").first()
    if found is None:
        raise Http404(pk)
    return found


def frame(issue: Issue) -> dict[str, Any]:
    """What all pages of a report show: its name, state and versions."""
    report = issue.report
    return {
        "issue": issue,
        "report": report,
        "words": kind_of(report.kind).words,
        "period": between(report.first, report.last).words,
        "versions": list(report.issues.all()),
        "formats": list(EXPORTERS),
    }


@product_page(Permission.VIEW)
def read(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """The report as it is read; while it is computed, how far it is."""
    issue = find(request, product, pk)
    if issue.status in (Status.BUILDING, Status.STOPPED) and not issue.figures.exists():
        return _building(request, issue)
    if issue.status == Status.BUILDING:
        return _building(request, issue)
    if request.htmx:  # type: ignore[attr-defined]
        # the page that waited for the figures: it becomes the report as a whole
        return HttpResponse(headers={"HX-Refresh": "true"})
    publication = publication_of(issue, language())
    context = {
        **frame(issue),
        "publication": publication,
        "chapters": chapters(publication, issue),
        "blocking": _blocking(issue),
        "remarks": issue.comments.select_related("by"),
    }
    return render(request, "reports/pages/read.html", context)


def _blocking(issue: Issue) -> int:
    if issue.status not in (Status.DRAFT, Status.REVIEW):
        return 0
    return sum(each.level == "block" for each in lint_issue(issue))


def _building(request: HttpRequest, issue: Issue) -> HttpResponse:
    if request.htmx and issue.status != Status.BUILDING:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Refresh": "true"})
    progress = issue.progress or {}
    done, of = progress.get("done", 0), progress.get("of", 0)
    context = {
        **frame(issue),
        "share": round(100 * done / of) if of else 0,
        "now": Words(**progress["now"]) if "now" in progress else None,
        "problem": Words(**progress["problem"]) if "problem" in progress else None,
    }
    part = "#state" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"reports/pages/building.html{part}", context)


Doing = Callable[[HttpRequest, Issue], str]


@require_POST
@product_page(Permission.WRITE_REPORTS)
def change(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """`do`: submit, review, send_back, issue, rebuild, cancel, correct (with a `reason`), or delete."""
    issue, do = find(request, product, pk), request.POST.get("do", "")
    try:
        if do == "delete":
            actions.delete_report(issue.report, acting_user=member(request))
            messages.success(request, _("The report is deleted."))
            return redirect("reports:list", product.slug)
        if do in DOES:
            messages.success(request, DOES[do](request, issue))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
        if wrong.code == "report_lint":
            return redirect("reports:edit", product.slug, pk)
    return redirect("reports:one", product.slug, pk)


def _submit(request: HttpRequest, issue: Issue) -> str:
    actions.submit(issue, acting_user=member(request))
    return _("It is handed in for review.")


def _review(request: HttpRequest, issue: Issue) -> str:
    actions.review(issue, acting_user=member(request))
    return _("It is marked as reviewed.")


def _send_back(request: HttpRequest, issue: Issue) -> str:
    actions.send_back(issue, acting_user=member(request))
    return _("It is a draft again.")


def _issue(request: HttpRequest, issue: Issue) -> str:
    actions.issue_report(issue, acting_user=member(request))
    return _("It is issued and read-only from now on.")


def _rebuild(request: HttpRequest, issue: Issue) -> str:
    actions.rebuild(issue, acting_user=member(request))
    tasks.build_issue(issue.pk)
    return _("The figures are computed anew.")


def _cancel(request: HttpRequest, issue: Issue) -> str:
    actions.cancel(issue, acting_user=member(request))
    return _("It stops at the next figure.")


def _correct(request: HttpRequest, issue: Issue) -> str:
    made = actions.correct(issue, request.POST.get("reason", ""), acting_user=member(request))
    tasks.build_issue(made.pk)
    return _("A corrected version is begun.")


DOES: dict[str, Doing] = {
    "submit": _submit,
    "review": _review,
    "send_back": _send_back,
    "issue": _issue,
    "rebuild": _rebuild,
    "cancel": _cancel,
    "correct": _correct,
}


@product_page(Permission.VIEW)
def compare(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """A version against the one before (`with=2`), or against what the data say today (`with=now`)."""
    issue, other = find(request, product, pk), request.GET.get("with", "now")
    former = issue.report.issues.filter(number=int(other)).first() if other.isdecimal() else None
    if other != "now" and former is None:
        raise Http404(other)
    if former is None and not request.htmx:  # type: ignore[attr-defined]
        return render(request, "reports/pages/compare.html", {**frame(issue), "waits": True})
    found = (
        between_issues(former, issue, language())
        if former
        else against_now(issue, current(), language())
    )
    context = {**frame(issue), "former": former, "found": found, "rows": _rows(found)}
    part = "#found" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"reports/pages/compare.html{part}", context)


def _rows(found: Difference) -> list[dict[str, Any]]:
    """The first cells of each figure that read differently; a change below the last digit shown is only counted."""

    def told(figure: FigureChange) -> Iterator[tuple[str, ...]]:
        for each in figure.cells:
            texts = tuple(
                shown(value, each.type, language()) for value in (each.before, each.after)
            )
            if texts[0] != texts[1]:
                yield each.row_title, each.column_title, *texts

    return [{"figure": each, "cells": list(islice(told(each), 20))} for each in found.figures]


@product_page(Permission.VIEW)
def download(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """The report as a file (`format`, `language`)."""
    issue = find(request, product, pk)
    wanted = request.GET.get("language", "") or language()
    link = request.build_absolute_uri(request.path.removesuffix("/export"))
    try:
        made = export(issue, request.GET.get("format", ""), wanted, link=link)
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
        return redirect("reports:one", product.slug, pk)
    note(member(request), "report.exported", product=product, target=made.name)
    response = HttpResponse(made.content, content_type=made.media_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response
