"""What was answered: scores, trend, breakdown, drivers, weights, single answers; each a tab with its own address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.events.store import current
from userops.experience.surveys.models import Survey
from userops.experience.surveys.pages.chart import quadrant_chart, wave_chart
from userops.experience.surveys.pages.finding import find, head
from userops.experience.surveys.questions import SCORED, Question, said
from userops.experience.surveys.results import breakdown, waves
from userops.experience.surveys.results.dataset import Dataset, Wanted, read
from userops.experience.surveys.results.driving import MEANINGS, PLACES, driving
from userops.experience.surveys.results.exporting import exported
from userops.experience.surveys.results.parting import (
    attributes,
    keys,
    usual_attributes,
    usual_key,
)
from userops.experience.surveys.results.scoring import CONVENTIONS, conventions_of
from userops.experience.surveys.results.summary import summary
from userops.experience.surveys.results.texts import texts
from userops.experience.surveys.results.weighing import MOST_ATTRIBUTES, weighing
from userops.experience.surveys.topics.growing import look
from userops.experience.surveys.wording import WAYS
from userops.insights.exporting import FORMATS
from userops.words import Words
from userops.workspace.access import member, product_page
from userops.workspace.forms import said as error_said
from userops.workspace.roles import Permission

UNITS: dict[str, Words] = {
    "week": Words("周", "week"),
    "month": Words("月", "month"),
    "quarter": Words("季度", "quarter"),
}

ANSWERS = 50
"""On one page."""


def _language() -> str:
    return get_language() or "zh-hans"


@product_page(Permission.VIEW)
def one(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """The results of a survey."""
    survey = find(product, pk)
    name = request.GET.get("tab", "results")
    show = TABS.get(name, _results)
    if show in (_answers, _topics) and Permission.RUN_SURVEYS not in request.granted:  # type: ignore[attr-defined]
        raise Http404(name)
    wanted = wanted_of(request)
    context = head(survey, name if name in TABS else "results") | {
        "wanted": wanted,
        "ways": WAYS.items(),
        "way_words": WAYS,
    }
    context |= show(request, survey, wanted)
    return render(request, "experience/surveys/pages/one.html", context)


def wanted_of(request: HttpRequest) -> Wanted:
    way = request.GET.get("of", "")
    return Wanted(
        _day(request.GET.get("since", "")),
        _day(request.GET.get("until", "")),
        way if way in WAYS else "",
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _results(request: HttpRequest, survey: Survey, wanted: Wanted) -> dict[str, Any]:
    convention = request.GET.get("by", "")
    found = summary(survey, _language(), wanted, convention)
    scaled = any(each.score.kind != "nps" for each in found.scores)
    return {
        "summary": found,
        "conventions": CONVENTIONS.items() if scaled else (),
        "convention": convention,
    }


def _chosen(request: HttpRequest, survey: Survey) -> dict[str, Any]:
    """Which score is looked at, and by which convention."""
    scored = [q for q in survey.document.questions if q.kind in SCORED]
    key = request.GET.get("question", "")
    question = next((q for q in scored if q.key == key), scored[0] if scored else None)
    known = conventions_of(question.kind) if question else ()
    by = request.GET.get("by", "")
    return {
        "question": question,
        "scored": [(q.key, said(q.title, _language())) for q in scored],
        "by": by if by in known else "",
        "known": [(name, CONVENTIONS[name]) for name in known if name in CONVENTIONS],
    }


def _trend(request: HttpRequest, survey: Survey, wanted: Wanted) -> dict[str, Any]:
    chosen = _chosen(request, survey)
    question = chosen["question"]
    if question is None:
        return chosen
    asked = request.GET.get("unit", "")
    unit: Any = asked if asked in UNITS else "month"
    lines = waves.lines(read(survey, wanted), question, unit, chosen["by"])
    told = [(WAYS.get(way, Words(way, way)), line) for way, line in lines.items()]
    several = any(len(line) > 1 for _way, line in told)
    chart = wave_chart(told, _language(), _open_wave(survey, unit)) if several else None
    return chosen | {"lines": told, "chart": chart, "unit": unit, "units": UNITS.items()}


def _open_wave(survey: Survey, unit: waves.Unit) -> date | None:
    """The wave in which answers still come in."""
    if survey.state != Survey.State.RUNNING:
        return None
    return waves.start_of(datetime.now(ZoneInfo(survey.product.timezone)).date(), unit)


def _breakdown(request: HttpRequest, survey: Survey, wanted: Wanted) -> dict[str, Any]:
    chosen = _chosen(request, survey)
    question = chosen["question"]
    if question is None:
        return chosen
    known, name = keys(survey, _language()), request.GET.get("key", "")
    name = name if name in known else usual_key(survey)
    key = known[name][1]()
    parts = breakdown.parts(read(survey, wanted), question, key, chosen["by"])
    labels = {**{way: words.text(_language()) for way, words in WAYS.items()}, **key.labels}
    return chosen | {
        "parts": [(labels.get(part.value, part.value), part) for part in parts],
        "keys": [(each, words) for each, (words, _make) in known.items()],
        "key": name,
    }


def _drivers(request: HttpRequest, survey: Survey, wanted: Wanted) -> dict[str, Any]:
    chosen = _chosen(request, survey)
    question: Question | None = chosen["question"]
    if question is None:
        return chosen
    data: Dataset = read(survey, wanted)
    if data.too_few:
        return chosen
    found = driving(data, question, _language())
    chart = quadrant_chart(found, _language()) if found.drivers else None
    places = [(place, words, MEANINGS[place]) for place, words in PLACES.items()]
    return chosen | {"driving": found, "chart": chart, "places": places}


def _weights(request: HttpRequest, survey: Survey, wanted: Wanted) -> dict[str, Any]:
    chosen = _chosen(request, survey)
    question = chosen["question"]
    if question is None:
        return chosen
    known = attributes(survey)
    asked = [name for name in request.GET.getlist("on") if name in known]
    names = asked[:MOST_ATTRIBUTES] or usual_attributes(survey)
    data = read(survey, wanted)
    found = weighing(current(), survey, data, question, names, chosen["by"]) if names else None
    return chosen | {"weighing": found, "known_attributes": known.items(), "names": names}


def _topics(request: HttpRequest, survey: Survey, wanted: Wanted) -> dict[str, Any]:
    data = read(survey, wanted)
    if data.too_few:
        return {}
    looked = look(survey, data, wanted, _language())
    return {"looked": looked, "found": looked.topics}


def _answers(request: HttpRequest, survey: Survey, wanted: Wanted) -> dict[str, Any]:
    data, number = read(survey, wanted), request.GET.get("topic", "")
    topic = None
    if number.isdecimal() and len(number) < 4:
        found = look(survey, data, wanted, _language()).topics
        topics = found.topics if found else ()
        topic = topics[int(number)] if int(number) < len(topics) else None
    only = topic.places if topic else None
    found_texts = texts(data, _language(), request.GET.get("q", ""), only)
    page = Paginator(found_texts, ANSWERS).get_page(request.GET.get("page"))
    return {"page": page, "topic": topic}


TABS: dict[str, Callable[[HttpRequest, Survey, Wanted], dict[str, Any]]] = {
    "results": _results, "trend": _trend, "breakdown": _breakdown, "drivers": _drivers,
    "weights": _weights, "topics": _topics, "answers": _answers,
}  # fmt: skip


@product_page(Permission.RUN_SURVEYS)
def export(request: HttpRequest, product: Product, pk: int, extension: str) -> HttpResponse:
    """All answers as a file."""
    if extension not in FORMATS:
        raise Http404(extension)
    survey = find(product, pk)
    try:
        table = exported(survey, extension, acting_user=member(request))
    except UserOpsError as wrong:
        messages.error(request, error_said(wrong))
        return redirect("surveys:one", product.slug, pk)
    form = FORMATS[extension]
    definition = Words(
        f"问卷“{survey.name}”的全部答卷。", f"All answers of the survey “{survey.name}”."
    )
    content = form.write(table, _language(), definition.text(_language()))
    answer = HttpResponse(content, content_type=form.media_type)
    name = quote(f"{product.slug}-{survey.name}.{form.extension}")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer
