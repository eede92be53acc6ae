"""Whom a survey asks and how: settings, link, QR code, snippet, round of mails; and why somebody was not asked."""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from userops.audience.segments.members import shown_people
from userops.errors import UserOpsError
from userops.events.identity import person_of, uids_of
from userops.events.models import Product
from userops.events.store import current
from userops.experience.surveys import actions, inviting
from userops.experience.surveys.asking import verdict_of
from userops.experience.surveys.document import parse
from userops.experience.surveys.gates import REASONS, Occasion
from userops.experience.surveys.models import Contact, Step, Survey, Way
from userops.experience.surveys.pages.finding import find, head
from userops.experience.surveys.pages.form import AskingForm, initial_of
from userops.experience.surveys.questions import SCORED, said
from userops.experience.surveys.wording import OTHER
from userops.notices.telling import absolute, mail_is_set_up
from userops.workspace.access import member, product_page
from userops.workspace.roles import Permission

ROWS = 100


@product_page(Permission.RUN_SURVEYS)
def asking(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """The settings, and what is needed to reach people."""
    survey = find(product, pk)
    form = AskingForm(request.POST or None, product=product, initial=initial_of(survey))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_survey(survey, form.wanted(), acting_user=member(request))
            messages.success(request, _("Saved."))
            return redirect("surveys:asking", product.slug, survey.pk)
        except UserOpsError as wrong:
            form.refuse(wrong)
    context = head(survey, "asking") | {
        "form": form,
        "snippet": _snippet(survey),
        "answers": _answers(survey),
        "mail_ready": mail_is_set_up(),
        "round": _round(survey),
        "quotas": survey.quotas.order_by("pk"),
    }
    return render(request, "experience/surveys/pages/asking.html", context)


def _answers(survey: Survey) -> list[tuple[str, str]]:
    """The questions that a quota can name, with their answers as it names them."""
    language = get_language() or "zh-hans"
    found = []
    question: Any
    for question in parse(survey.draft).questions:
        if question.kind in SCORED:
            found.append((question.key, f"{question.scale.low}–{question.scale.high}"))
        elif question.kind in ("single", "multiple"):
            options = [f"{o.key} {said(o.text, language)}" for o in question.options]
            options += [f"other {OTHER.text(language)}"] if question.other else []
            found.append((question.key, " · ".join(options)))
    return found


def _snippet(survey: Survey) -> str:
    product = survey.product
    event = json.dumps(survey.trigger_event or "pay", ensure_ascii=False).replace("</", "<\\/")
    key = (
        product.write_keys.filter(revoked=None).order_by("pk").values_list("key", flat=True).first()
    )
    return (
        f'<script src="{absolute("/s/in-app.js")}" data-key="{key or "wk_…"}" data-user="USER_ID" defer></script>\n'
        f"<script>userops.survey({{ event: {event} }});</script>"
    )


def _round(survey: Survey) -> dict[str, Any] | None:
    """Whom a round of mails would reach now."""
    if Way.MAIL not in survey.ways or survey.state != Survey.State.RUNNING:
        return None
    try:
        found = inviting.plan(current(), survey)
    except UserOpsError as wrong:
        return {"wrong": wrong}
    refused = [(REASONS[reason], count) for reason, count in found.counts]
    return {"eligible": len(found.eligible), "refused": refused}


@product_page(Permission.VIEW)
def qr_code(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """The public address as a picture for print."""
    import segno

    address = head(find(product, pk), "")["public"]
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", scale=8, border=4)
    answer = HttpResponse(out.getvalue(), content_type="image/svg+xml")
    if request.GET.get("download"):
        answer["Content-Disposition"] = f'attachment; filename="survey-{pk}.svg"'
    return answer


@product_page(Permission.SEE_PEOPLE)
def log(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Every gate for one user (`user`), and the log."""
    survey = find(product, pk)
    user, asked = request.GET.get("user", "").strip(), request.GET.get("way", "")
    way = asked if asked in Way.values else next(iter(survey.ways), Way.LINK)
    contacts = Contact.objects.filter(survey=survey)
    context = head(survey, "log") | {"user": user, "ways": Way.choices, "way": way}
    if user:
        person = person_of(product.pk, user)
        context |= _why(survey, person, way)
        members = uids_of(product.pk, person) if person is not None else []
        contacts = contacts.filter(person__in=members)
    page = Paginator(contacts, ROWS).get_page(request.GET.get("page"))
    context |= {"page": page, "rows": _named(product, list(page.object_list))}
    context["reasons"] = _reasons(survey)
    return render(request, "experience/surveys/pages/log.html", context)


def _why(survey: Survey, person: int | None, way: str) -> dict[str, Any]:
    # the event counts as having happened: whether it did is not a question of the user
    occasion = Occasion(way, datetime.now(ZoneInfo(survey.product.timezone)), survey.trigger_event)
    verdict = verdict_of(current(), survey, person, occasion)
    return {"verdict": verdict, "why": REASONS.get(verdict.reason)}


def _named(product: Product, rows: list[Contact]) -> list[tuple[Contact, Any, Any]]:
    persons = list(dict.fromkeys(row.person for row in rows))
    names = {each.person: each for each in shown_people(product, persons, see=True)}
    return [(row, names.get(row.person), REASONS.get(row.reason)) for row in rows]


def _reasons(survey: Survey) -> list[tuple[Any, int]]:
    """How many users met each reason so far."""
    from django.db.models import Count

    rows = Contact.objects.filter(survey=survey, step=Step.NOT_SHOWN).values_list("reason")
    counted = rows.annotate(n=Count("person", distinct=True)).order_by("-n")
    return [(REASONS[reason], count) for reason, count in counted if reason in REASONS]
