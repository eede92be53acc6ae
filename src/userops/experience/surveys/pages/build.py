"""The builder: the questions of the next version, and how they will look."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.experience.surveys import actions
from userops.experience.surveys.document import parse
from userops.experience.surveys.models import Survey
from userops.experience.surveys.pages import builder
from userops.experience.surveys.pages.finding import find, head
from userops.experience.surveys.public.showing import shown
from userops.experience.surveys.questions import KINDS, LANGUAGE_NAMES, LANGUAGES
from userops.experience.surveys.wording import OTHER
from userops.workspace.access import member, product_page
from userops.workspace.roles import Permission

POINTS = {"csat": (3, 4, 5, 7, 10), "ces": (5, 7), "rating": range(2, 11), "matrix": range(2, 11)}


@product_page(Permission.RUN_SURVEYS)
def edit(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """The form of the questions. Every button posts it whole; only `save` and `publish` write."""
    survey = find(product, pk)
    raw, wrong = survey.draft, None
    name = survey.name
    if request.method == "POST":
        do, name = request.POST.get("do", ""), request.POST.get("name", survey.name)
        given = builder.read(request.POST.dict(), request.POST.getlist("languages"))
        raw = builder.done(given, do, product.name)
        if do in ("save", "publish"):
            try:
                return _saved(request, survey, raw, do, name)
            except UserOpsError as found:
                wrong = found
    context = head(survey, "edit") | {"form": _form(raw), "wrong": wrong, "name": name}
    return render(request, "experience/surveys/pages/edit.html", context)


def _saved(request: HttpRequest, survey: Survey, raw: Any, do: str, name: str) -> HttpResponse:
    user = member(request)
    actions.change_questions(survey, raw, name=name, acting_user=user)
    if do == "publish":
        actions.publish(survey, acting_user=user)
        number = survey.version.number if survey.version else 0
        messages.success(
            request, _("Version %(number)s is asked from now on.") % {"number": number}
        )
        return redirect("surveys:asking", survey.product.slug, survey.pk)
    messages.success(request, _("Saved."))
    return redirect("surveys:edit", survey.product.slug, survey.pk)


def _form(raw: dict[str, Any]) -> dict[str, Any]:
    """A document, right or not, as the template walks it."""
    languages = raw["languages"]
    questions = raw["questions"]
    reader = get_language() or "zh"
    titles = [(q["key"], (q["title"].get(languages[0]) or q["key"])[:40]) for q in questions]
    return {
        "languages": [(each, LANGUAGE_NAMES[each], each in languages) for each in LANGUAGES],
        "chosen": [(each, LANGUAGE_NAMES[each]) for each in languages],
        "first": languages[0],
        "keys": [q["key"] for q in questions],
        "intro": raw.get("intro", {}),
        "thanks": raw.get("thanks", {}),
        "kinds": [(name, kind.words.text(reader)) for name, kind in KINDS.items()],
        "questions": [
            {
                "raw": each,
                "kind": KINDS[each["kind"]].words.text(reader),
                "whens": [(when, builder.WHENS[when]) for when in builder.whens_of(each["kind"])],
                "points": POINTS.get(each["kind"], ()),
                "options": each.get("options") or each.get("rows") or [],
                "values": _values(each, reader),
                "has_options": each["kind"] in ("single", "multiple", "matrix"),
                "has_ends": each["kind"] in ("nps", "csat", "ces", "rating", "matrix"),
                "later": titles[at + 1 :],
            }
            for at, each in enumerate(questions)
            if each["kind"] in KINDS
        ],
    }


def _values(question: dict[str, Any], reader: str) -> list[tuple[str, str]]:
    """The answers that can be chosen, as conditions name them; none where something is typed."""
    found = [
        (o["key"], next(iter(o["text"].values()), o["key"])) for o in question.get("options", [])
    ]
    return [*found, ("other", OTHER.text(reader))] if question.get("other") else found


@product_page(Permission.VIEW)
def preview(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """All questions of the draft as those who answer see them; nothing is kept."""
    survey = find(product, pk)
    document = parse(survey.draft)
    asked = request.GET.get("lang", "")
    language = asked if asked in document.languages else document.languages[0]
    shown_ones = [shown(document, q.key, {}, language, "preview") for q in document.questions]
    context = head(survey, "preview") | {
        "questions": shown_ones,
        "languages": [
            (each, LANGUAGE_NAMES[each], each == language) for each in document.languages
        ],
    }
    return render(request, "experience/surveys/pages/preview.html", context)
