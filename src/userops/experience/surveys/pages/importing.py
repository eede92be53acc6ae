"""Answers from a file: choose it, say which column is what, look, take."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.experience.surveys.importing import Columns, Imported
from userops.experience.surveys.importing import import_answers as take
from userops.experience.surveys.models import Survey
from userops.experience.surveys.pages.finding import find, head
from userops.experience.surveys.questions import said
from userops.workspace.access import member, product_page
from userops.workspace.roles import Permission

LARGEST = 50 * 2**20


@product_page(Permission.RUN_SURVEYS)
def import_answers(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """The form; `do=look` tells what would be taken, `do=take` takes it."""
    survey = find(product, pk)
    context: dict[str, Any] = head(survey, "import") | {"targets": _targets(survey)}
    if request.method == "POST":
        context["given"] = request.POST
        try:
            found = _run(request, survey, dry_run=request.POST.get("do") != "take")
            if request.POST.get("do") == "take":
                messages.success(request, _("%(n)s responses are taken.") % {"n": found.taken})
                return redirect("surveys:one", product.slug, survey.pk)
            context["found"] = found
        except UserOpsError as wrong:
            context["wrong"] = wrong
    return render(request, "experience/surveys/pages/import.html", context)


def _targets(survey: Survey) -> list[tuple[str, str]]:
    """Questions, and rows of matrices, that a column may answer."""
    found: list[tuple[str, str]] = []
    for question in survey.document.questions:
        title = said(question.title, _language())
        rows = getattr(question, "rows", ())
        found += [
            (f"{question.key}.{row.key}", f"{title} · {said(row.text, _language())}")
            for row in rows
        ]
        if not rows:
            found.append((question.key, title))
    return found


def _language() -> str:
    return get_language() or "zh-hans"


def _run(request: HttpRequest, survey: Survey, *, dry_run: bool) -> Imported:
    from userops.errors import Refused
    from userops.words import Words

    file = request.FILES.get("file")
    if file is None or (file.size or 0) > LARGEST:
        raise Refused(
            Words("请选择一个文件，最大 50 MB。", "Choose a file of at most 50 MB."),
            code="file_missing",
        )
    answers = {key: name for key, _t in _targets(survey) if (name := _column(request, f"c-{key}"))}
    carried = tuple(each.strip() for each in _column(request, "carried").split(",") if each.strip())
    columns = Columns(answers, _column(request, "user"), _column(request, "day"), carried)
    suffix = Path(str(file.name)).suffix.lower()[:8]
    with tempfile.NamedTemporaryFile(suffix=suffix) as copy:
        for part in file.chunks():
            copy.write(part)
        copy.flush()
        return take(survey, Path(copy.name), columns, acting_user=member(request), dry_run=dry_run)


def _column(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").strip()
