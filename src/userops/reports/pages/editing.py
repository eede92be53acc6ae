"""The desk: sentences beside what the linter says of them, who does what by when, and remarks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.reports import actions
from userops.reports.kinds import kind_of
from userops.reports.linting import lint_sentence, values_of
from userops.reports.models import Evidence, Issue, Sentence, Style
from userops.reports.pages.one import find, frame
from userops.reports.pages.reports import language
from userops.reports.quoting import REFERENCE, Quote, Values, filled, written
from userops.words import Words
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.roles import Permission


@product_page(Permission.WRITE_REPORTS)
def edit(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """All sentences by chapter."""
    issue = find(request, product, pk)
    if issue.sealed:
        return redirect("reports:one", product.slug, pk)
    values = values_of(issue)
    rows = [_row(row, values, issue) for row in issue.sentences.all()]
    context = {
        **frame(issue),
        "chapters": [
            (name, [r for r in rows if r["row"].chapter == key]) for key, name in _names(issue)
        ],
        "claims": Evidence.choices,
        "blocking": sum(each.level == "block" for row in rows for each in row["lint"]),
        "warnings": sum(each.level == "warn" for row in rows for each in row["lint"]),
    }
    return render(request, "reports/pages/edit.html", context)


def _names(issue: Issue) -> list[tuple[str, Words]]:
    return [(chapter.key, chapter.title) for chapter in kind_of(issue.report.kind).chapters]


def _row(row: Sentence, values: Values, issue: Issue) -> dict[str, Any]:
    return {
        "row": row,
        "zh": filled(row.zh, values, "zh"),
        "en": filled(row.en, values, "en"),
        "lint": lint_sentence(row, values, int(issue.subject.get("history_months", 0))),
        "chips": _chips(row, values),
        "action": row.style == Style.ACTION,
        "remarks": [each for each in issue.comments.all() if each.on == row.key],
    }


def _chips(row: Sentence, values: Values) -> list[tuple[str, str]]:
    """What may be inserted: the values of the figures that the sentence rests on, and how they read."""
    figures = dict.fromkeys(
        [*row.evidence, *(found[1] for found in REFERENCE.finditer(row.zh + row.en))]
    )
    return [
        (f"{Quote(figure, name):{way}}", written(value, way, language()))
        for figure in figures
        for name, value in list(values.get(figure, {}).items())[:24]
        for way in ("kn" if value.get("n") else "",)
    ]


@require_POST
@product_page(Permission.WRITE_REPORTS)
def sentence(request: HttpRequest, product: Product, pk: int, sentence: int) -> HttpResponse:
    """`do`: save the words, assign the action, or remove it."""
    issue = find(request, product, pk)
    row = issue.sentences.filter(pk=sentence).first()
    if row is None:
        raise Http404(sentence)
    try:
        _DOES.get(request.POST.get("do", ""), _save)(request, row)
        messages.success(request, _("Saved."))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect(reverse("reports:edit", args=[product.slug, pk]) + f"#sentence-{sentence}")


def _save(request: HttpRequest, row: Sentence) -> None:
    actions.edit_sentence(
        row,
        zh=request.POST.get("zh", ""),
        en=request.POST.get("en", ""),
        claim=request.POST.get("claim") or None,
        acting_user=member(request),
    )


def _assign(request: HttpRequest, row: Sentence) -> None:
    try:
        due = date.fromisoformat(request.POST.get("due", ""))
    except ValueError:
        due = None
    actions.assign(
        row,
        assignee=request.POST.get("assignee", ""),
        due=due,
        accepted_when=request.POST.get("accepted_when", ""),
        task=request.POST.get("task", ""),
        acting_user=member(request),
    )


def _remove(request: HttpRequest, row: Sentence) -> None:
    actions.remove_sentence(row, acting_user=member(request))


_DOES = {"save": _save, "assign": _assign, "remove": _remove}


@require_POST
@product_page(Permission.VIEW)
def comment(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Write a remark, or settle one (`resolve`: its id)."""
    issue = find(request, product, pk)
    settled = request.POST.get("resolve", "")
    try:
        if settled.isdecimal():
            remark = issue.comments.filter(pk=int(settled)).first()
            if remark is None:
                raise Http404(settled)
            actions.resolve(remark, acting_user=member(request))
        else:
            actions.comment(
                issue,
                request.POST.get("text", ""),
                on=request.POST.get("on", ""),
                acting_user=member(request),
            )
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect(reverse("reports:one", args=[product.slug, pk]) + "#remarks")
