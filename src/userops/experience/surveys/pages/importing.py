"""Answers from a file: upload, say which column is what, look at the rows, count, take, take back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.collect.imports import draft as drafts
from userops.errors import UserOpsError
from userops.events.importers.formats import detect_format
from userops.events.importers.reading import read_sample
from userops.events.models import Product
from userops.experience.surveys.files import actions
from userops.experience.surveys.files.proposing import proposed, targets
from userops.experience.surveys.files.tasks import quarantine_path
from userops.experience.surveys.importing import Columns, import_answers, preview
from userops.experience.surveys.models import AnswerImport, Survey
from userops.experience.surveys.pages.finding import find, head
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.roles import Permission

MOST_COUNTED = 20_000_000
"""Bytes of a file that is counted while the reader waits."""
MOST_CARRIED = 3


@product_page(Permission.RUN_SURVEYS)
def imports(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Files that were taken; a posted one is uploaded and mapped next."""
    survey = find(product, pk)
    sent = request.FILES.get("file")
    if request.method == "POST":
        try:
            if sent is None:
                messages.error(request, _("Choose a file first."))
                return redirect("surveys:import", product.slug, pk)
            draft = drafts.keep(product, sent)
            read_sample(draft.path, detect_format(draft.path), 10)
            return redirect("surveys:import-new", product.slug, pk, draft.key)
        except UserOpsError as wrong:
            messages.error(request, said(wrong))
    context = head(survey, "import") | {"runs": survey.imports.all()[:100]}
    return render(request, "experience/surveys/pages/imports.html", context)


@product_page(Permission.RUN_SURVEYS)
def new(request: HttpRequest, product: Product, pk: int, key: str) -> HttpResponse:
    """`do`: look (the first rows), count (all rows, taking nothing) or start."""
    survey = find(product, pk)
    draft = drafts.load(product, key)
    sample = read_sample(draft.path, detect_format(draft.path), 200).table
    columns = proposed(survey.document, sample.column_names, anonymous=survey.anonymous)
    context: dict[str, Any] = head(survey, "import") | {"draft": draft}
    try:
        if request.method == "POST":
            columns = columns_of(request.POST, survey, sample.column_names)
            if request.POST.get("do") == "start":
                user = member(request)
                made = actions.start_import(survey, draft.path, columns, acting_user=user)
                return redirect("surveys:imported", product.slug, pk, made.pk)
            if request.POST.get("do") == "count":
                context["counted"] = _counted(request, survey, draft, columns)
        context["preview"] = preview(survey, sample.slice(0, 10), columns)
    except UserOpsError as wrong:
        context["error"] = said(wrong)
    context |= _fields(survey, columns, sample.column_names)
    return render(request, "experience/surveys/pages/import.html", context)


def columns_of(given: Any, survey: Survey, there: list[str]) -> Columns:
    """What the form says: of each target the number of its column."""

    def column(name: str) -> str:
        at = str(given.get(name, ""))
        return there[int(at)] if at.isdecimal() and len(at) < 6 and int(at) < len(there) else ""

    answers = {
        key: name for key, _title in targets(survey.document, "en") if (name := column(f"c-{key}"))
    }
    kept = [
        there[int(at)] for at in given.getlist("carried") if at.isdecimal() and int(at) < len(there)
    ]
    user = "" if survey.anonymous else column("user")
    return Columns(answers, user, column("day"), tuple(kept[:MOST_CARRIED]))


def _fields(survey: Survey, columns: Columns, there: list[str]) -> dict[str, Any]:
    language = get_language() or "zh-hans"
    return {
        "columns": list(enumerate(there)),
        "targets": [
            (key, title, columns.answers.get(key, ""))
            for key, title in targets(survey.document, language)
        ],
        "mapping": columns,
    }


def _counted(
    request: HttpRequest, survey: Survey, draft: drafts.Draft, columns: Columns
) -> dict[str, Any] | None:
    if draft.path.stat().st_size > MOST_COUNTED:
        return None
    user = member(request)
    return import_answers(survey, draft.path, columns, acting_user=user, dry_run=True).as_dict()


@product_page(Permission.RUN_SURVEYS)
def one(request: HttpRequest, product: Product, pk: int, run: int) -> HttpResponse:
    """What came of a file."""
    found = get_object_or_404(AnswerImport, survey=find(product, pk), pk=run)
    context = head(found.survey, "import") | {
        "run": found,
        "quarantine": quarantine_path(found).exists(),
    }
    part = "#state" if getattr(request, "htmx", False) else ""
    return render(request, f"experience/surveys/pages/imported.html{part}", context)


@product_page(Permission.RUN_SURVEYS)
@require_POST
def undo(request: HttpRequest, product: Product, pk: int, run: int) -> HttpResponse:
    found = get_object_or_404(AnswerImport, survey=find(product, pk), pk=run)
    try:
        count = actions.undo_import(found, acting_user=member(request))
        told = ngettext("%(n)s response is taken back.", "%(n)s responses are taken back.", count)
        messages.success(request, told % {"n": count})
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("surveys:imported", product.slug, pk, run)


@product_page(Permission.RUN_SURVEYS)
def refused(request: HttpRequest, product: Product, pk: int, run: int) -> Any:
    """The rows that were refused, with their reasons, to be mended and imported again."""
    found = get_object_or_404(AnswerImport, survey=find(product, pk), pk=run)
    try:
        file = quarantine_path(found).open("rb")
    except OSError:
        raise Http404(run) from None
    return FileResponse(file, as_attachment=True, filename=f"refused-{found.pk}.csv")
