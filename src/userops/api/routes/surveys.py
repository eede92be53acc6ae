"""Surveys: their questions, whom they ask, what was answered, and why somebody was not asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from userops.api.auth import caller, product_for
from userops.api.bodies import RequestBody
from userops.api.paging import Key, Page, Pages
from userops.events.identity import person_of
from userops.events.models import Product
from userops.events.store import current
from userops.experience.surveys import actions
from userops.experience.surveys.asking import verdict_of
from userops.experience.surveys.gates import REASONS, Occasion
from userops.experience.surveys.models import Response, Survey
from userops.experience.surveys.results.dataset import Wanted
from userops.experience.surveys.results.summary import as_dict, summary
from userops.experience.surveys.results.telling import waves_line
from userops.workspace.roles import Permission

router = Router(tags=["surveys"])
Way = Literal["link", "mail", "in_app"]
Convention = Literal["", "nps", "rescaled", "of_highest", "top", "mean"]


class QuotaIn(RequestBody):
    question: str = Field(max_length=40)
    value: str = Field(max_length=40)
    most: int = Field(ge=1, le=10**9)


class SettingsIn(RequestBody):
    """Whom a survey asks, how, and how often; what is left out has its default."""

    ways: list[Way] = Field(["link"], min_length=1, max_length=3)
    anonymous: bool = Field(False, description="Fixed once published")
    segment: Key | None = Field(None, description="Everybody without one")
    sample_percent: float = Field(100, gt=0, le=100)
    seed: str = Field("", max_length=40, description="The same seed draws the same users")
    again: Literal["once", "until_answered", "always"] = "once"
    again_days: int = Field(30, ge=0, le=365)
    most_times: int = Field(3, ge=1, le=50)
    own_clock: bool = False
    trigger_event: str = Field("", max_length=200)
    opens: datetime | None = None
    closes: datetime | None = None
    most: int | None = Field(None, ge=1, le=10**9, description="Complete answers, then it is full")
    carries: list[str] = Field([], max_length=3)
    to_tickets: bool = False
    quotas: list[QuotaIn] = Field([], max_length=50)

    def wanted(self) -> actions.Settings:
        given: dict[str, Any] = self.dict(exclude={"quotas", "opens", "closes"})
        quotas = [actions.QuotaWanted(each.question, each.value, each.most) for each in self.quotas]
        given |= {"opens": _utc(self.opens), "closes": _utc(self.closes)}
        return actions.Settings(**given, quotas=quotas)


class SurveyIn(RequestBody):
    name: str = Field(max_length=1_000)
    template: Literal["nps", "csat", "ces", "aspects"] = "nps"
    document: dict[str, Any] | None = Field(None, description="Questions; instead of a template")


class QuestionsIn(RequestBody):
    document: dict[str, Any]


class SurveyOut(Schema):
    id: int
    name: str
    key: str
    state: str
    anonymous: bool
    version: int | None
    draft: dict[str, Any]
    ways: list[str]
    segment: int | None = Field(alias="segment_id")
    sample_percent: float
    seed: str
    again: str
    again_days: int
    most_times: int
    own_clock: bool
    trigger_event: str
    opens: datetime | None
    closes: datetime | None
    most: int | None
    carries: list[str]
    to_tickets: bool

    @staticmethod
    def resolve_version(row: Survey) -> int | None:
        return row.version.number if row.version else None


class StateIn(RequestBody):
    state: Literal["running", "paused", "closed"]


class BudgetIn(RequestBody):
    most: int = Field(ge=1, le=100)
    days: int = Field(ge=1, le=365)


class GateOut(Schema):
    reason: str
    open: bool
    words: dict[str, str]
    told: dict[str, str]


class WhyOut(Schema):
    """`reason`: the first gate that is shut; empty when the user may be asked now."""

    reason: str
    words: dict[str, str] | None
    gates: list[GateOut]


class WaveOut(Schema):
    way: str
    start: str
    value: float | None
    interval: list[float] | None
    answered: int
    change: float | None
    p: float | None


class ResponseOut(Schema):
    """An answer of an identified survey; those of anonymous ones are told as figures only."""

    id: str
    version: int
    person: int | None
    way: str
    language: str
    state: str
    started: datetime
    completed: datetime | None
    answers: dict[str, Any]
    carried: dict[str, str]

    @staticmethod
    def resolve_id(row: Response) -> str:
        return str(row.pk)

    @staticmethod
    def resolve_version(row: Response) -> int:
        return row.version.number


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def _rows(product: Product) -> QuerySet[Survey]:
    rows = Survey.objects.filter(product=product)
    return rows.select_related("product", "version", "segment")


def survey_of(request: HttpRequest, product: str, key: int, permission: Permission) -> Survey:
    return get_object_or_404(_rows(product_for(request, product, permission)), pk=key)


@router.get("/{slug:product}/surveys", response=Page[SurveyOut])
def surveys(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """Surveys, the newest first."""
    rows = _rows(product_for(request, product, Permission.VIEW))
    return {"total": rows.count(), "items": list(rows[paging.slice])}


@router.post("/{slug:product}/surveys", response=SurveyOut)
def create_survey(request: HttpRequest, product: str, body: SurveyIn) -> Survey:
    """A draft from a template, or with questions of your own."""
    found = product_for(request, product, Permission.RUN_SURVEYS)
    user = caller(request).user
    return actions.create_survey(
        found, body.name, template=body.template, document=body.document, acting_user=user
    )


@router.put("/{slug:product}/survey-budget", response=BudgetIn)
def set_budget(request: HttpRequest, product: str, body: BudgetIn) -> Any:
    """How often all surveys together may ask one user."""
    found = product_for(request, product, Permission.RUN_SURVEYS)
    return actions.set_budget(found, **body.dict(), acting_user=caller(request).user)


@router.get("/{slug:product}/surveys/{survey}", response=SurveyOut)
def survey(request: HttpRequest, product: str, survey: Key) -> Survey:
    """One survey with the questions of its next version."""
    return survey_of(request, product, survey, Permission.VIEW)


@router.put("/{slug:product}/surveys/{survey}/questions", response=SurveyOut)
def change_questions(request: HttpRequest, product: str, survey: Key, body: QuestionsIn) -> Survey:
    """The questions of the next version; what is asked now stays until it is published."""
    row = survey_of(request, product, survey, Permission.RUN_SURVEYS)
    return actions.change_questions(row, body.document, acting_user=caller(request).user)


@router.put("/{slug:product}/surveys/{survey}/settings", response=SurveyOut)
def set_survey(request: HttpRequest, product: str, survey: Key, body: SettingsIn) -> Survey:
    """Whom it asks, how, and how often."""
    row = survey_of(request, product, survey, Permission.RUN_SURVEYS)
    return actions.set_survey(row, body.wanted(), acting_user=caller(request).user)


@router.post("/{slug:product}/surveys/{survey}/publish", response=SurveyOut)
def publish_survey(request: HttpRequest, product: str, survey: Key) -> Survey:
    """Ask the draft from now on, as a new version where it differs from the last."""
    row = survey_of(request, product, survey, Permission.RUN_SURVEYS)
    return actions.publish(row, acting_user=caller(request).user)


@router.patch("/{slug:product}/surveys/{survey}", response=SurveyOut)
def set_survey_state(request: HttpRequest, product: str, survey: Key, body: StateIn) -> Survey:
    """Pause, go on, or close."""
    row = survey_of(request, product, survey, Permission.RUN_SURVEYS)
    return actions.set_state(row, body.state, acting_user=caller(request).user)


@router.delete("/{slug:product}/surveys/{survey}", response={204: None})
def delete_survey(request: HttpRequest, product: str, survey: Key) -> Status[None]:
    """Delete a survey with its answers."""
    row = survey_of(request, product, survey, Permission.RUN_SURVEYS)
    actions.delete_survey(row, acting_user=caller(request).user)
    return Status(204, None)


@router.post("/{slug:product}/surveys/{survey}/invitations", response=dict[str, Any])
def send_invitations(request: HttpRequest, product: str, survey: Key) -> dict[str, Any]:
    """Mail everybody who may be asked now; answers how many, and how many not by the reason."""
    row = survey_of(request, product, survey, Permission.RUN_SURVEYS)
    found = actions.send_invitations(current(), row, acting_user=caller(request).user)
    return {"sent": len(found.eligible), "refused": dict(found.counts)}


@router.get("/{slug:product}/surveys/{survey}/results", response=dict[str, Any])
def survey_results(
    request: HttpRequest, product: str, survey: Key, convention: Convention = "",
    language: Literal["zh-hans", "en"] = "zh-hans",
) -> dict[str, Any]:  # fmt: skip
    """Scores with intervals and formulas, rates, and how the answers to each question are spread."""
    row = survey_of(request, product, survey, Permission.VIEW)
    return as_dict(summary(row, language, convention=convention))


@router.get("/{slug:product}/surveys/{survey}/waves", response=list[WaveOut])
def survey_waves(
    request: HttpRequest, product: str, survey: Key, question: str = "",
    unit: Literal["week", "month", "quarter"] = "month", convention: Convention = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """A score by period and way, each against the one before."""
    row = survey_of(request, product, survey, Permission.VIEW)
    return waves_line(row, Wanted(), question=question, unit=unit, convention=convention)


@router.get("/{slug:product}/surveys/{survey}/why", response=WhyOut)
def survey_why(
    request: HttpRequest, product: str, survey: Key, user: str = "", way: Way = "in_app"
) -> dict[str, Any]:
    """Why a user is not asked: every gate, open or shut."""
    row = survey_of(request, product, survey, Permission.SEE_PEOPLE)
    person = person_of(row.product_id, user)
    occasion = Occasion(way, datetime.now(ZoneInfo(row.product.timezone)), row.trigger_event)
    verdict = verdict_of(current(), row, person, occasion)
    why = REASONS.get(verdict.reason)
    return {
        "reason": verdict.reason,
        "words": why and why.as_dict(),
        "gates": [
            {"reason": gate.reason, "open": gate.open, "words": gate.words.as_dict(),
             "told": gate.told.as_dict()}
            for gate in verdict.gates
        ],
    }  # fmt: skip


@router.get("/{slug:product}/surveys/{survey}/responses", response=Page[ResponseOut])
def survey_responses(
    request: HttpRequest, product: str, survey: Key, paging: Pages
) -> dict[str, Any]:
    """Single answers, the newest first; none of an anonymous survey."""
    row = survey_of(request, product, survey, Permission.RUN_SURVEYS)
    rows = Response.objects.filter(survey=row, anonymous=False).select_related("version")
    rows = rows.order_by("-started", "pk")
    return {"total": rows.count(), "items": list(rows[paging.slice])}
