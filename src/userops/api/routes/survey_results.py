"""Results of a survey by parts, drivers and weights; scores and waves stand with the survey."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router

from userops.api.paging import Key
from userops.api.routes.survey_topics import AnswersIn
from userops.api.routes.surveys import Convention, survey_of
from userops.events.store import current
from userops.experience.surveys.results.telling import breakdown_line, drivers_line, weights_line
from userops.workspace.roles import Permission

router = Router(tags=["surveys"])
ROOM = "/{slug:product}/surveys/{survey}"


class ScoreIn(AnswersIn):
    """Of which answers which score."""

    question: str = Field("", max_length=40, description="The first with a score, if left out")


class PartsIn(ScoreIn):
    key: str = Field(
        "", max_length=200,
        description="`way`, `language`, `of:<property>`, `question:<key>`, `segment:<id>`",
    )  # fmt: skip
    convention: Convention = ""


class WeightsIn(ScoreIn):
    on: list[str] = Field(
        [], max_length=3, description="Facts `$…`, or properties kept with answers"
    )
    convention: Convention = ""


@router.get(f"{ROOM}/breakdown", response=dict[str, Any])
def survey_breakdown(
    request: HttpRequest, product: str, survey: Key, of: Annotated[PartsIn, Query()]
) -> dict[str, Any]:
    """A score by what is known of those who answered, each part against all others."""
    row = survey_of(request, product, survey, Permission.VIEW)
    return breakdown_line(
        row, of.wanted, of.language, question=of.question, key=of.key, convention=of.convention
    )


@router.get(f"{ROOM}/drivers", response=dict[str, Any])
def survey_drivers(
    request: HttpRequest, product: str, survey: Key, of: Annotated[ScoreIn, Query()]
) -> dict[str, Any]:
    """What goes together with a score: importance and satisfaction of each other rating."""
    row = survey_of(request, product, survey, Permission.VIEW)
    return drivers_line(row, of.wanted, of.language, question=of.question)


@router.get(f"{ROOM}/weights", response=dict[str, Any])
def survey_weights(
    request: HttpRequest, product: str, survey: Key, of: Annotated[WeightsIn, Query()]
) -> dict[str, Any]:
    """Those who answered beside all who could, and the score weighted to them."""
    row = survey_of(request, product, survey, Permission.VIEW)
    return weights_line(
        current(), row, of.wanted, question=of.question, on=of.on, convention=of.convention
    )
