"""Topics of the open answers of a survey: what they talk about, with the score that came with them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router

from userops.api.auth import caller
from userops.api.bodies import RequestBody
from userops.api.paging import Key, Pages
from userops.api.routes.surveys import survey_of
from userops.experience.surveys.results.dataset import Wanted
from userops.experience.surveys.topics import actions
from userops.experience.surveys.topics.telling import growing_line, topic_whole, topics_line
from userops.workspace.roles import Permission

router = Router(tags=["surveys"])
ROOM = "/{slug:product}/surveys/{survey}/topics"


class AnswersIn(RequestBody):
    """Which answers: of one way and of these days, in the product's time zone."""

    way: Literal["", "link", "mail", "in_app", "import"] = ""
    since: date | None = None
    until: date | None = None
    language: Literal["zh-hans", "en"] = Field("zh-hans", description="Of titles and masks")

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.since, self.until, self.way)


Answers = Annotated[AnswersIn, Query()]


@router.get(ROOM, response=dict[str, Any])
def survey_topics(request: HttpRequest, product: str, survey: Key, of: Answers) -> dict[str, Any]:
    """Topics of open answers with share, interval, score and feeling, the largest first."""
    row = survey_of(request, product, survey, Permission.RUN_SURVEYS)
    return topics_line(row, of.wanted, of.language)


@router.get(f"{ROOM}/growing", response=dict[str, Any])
def survey_growing(request: HttpRequest, product: str, survey: Key, of: Answers) -> dict[str, Any]:
    """How far the growing is, and what the last one found."""
    row = survey_of(request, product, survey, Permission.RUN_SURVEYS)
    return growing_line(row, of.wanted, of.language)


@router.post(f"{ROOM}/growing", response=dict[str, Any])
def grow_survey_topics(
    request: HttpRequest, product: str, survey: Key, of: Answers
) -> dict[str, Any]:
    """Find topics of these answers anew, in the background."""
    row = survey_of(request, product, survey, Permission.RUN_SURVEYS)
    actions.grow_topics(row, of.wanted, of.language, acting_user=caller(request).user)
    return growing_line(row, of.wanted, of.language)


@router.delete(f"{ROOM}/growing", response=dict[str, Any])
def cancel_survey_growing(
    request: HttpRequest, product: str, survey: Key, of: Answers
) -> dict[str, Any]:
    """Stop; the topics of the answers stay as they were."""
    row = survey_of(request, product, survey, Permission.RUN_SURVEYS)
    actions.cancel_topics(row, of.wanted, of.language, acting_user=caller(request).user)
    return growing_line(row, of.wanted, of.language)


@router.get(f"{ROOM}/{{topic}}", response=dict[str, Any])
def survey_topic(
    request: HttpRequest,
    product: str,
    survey: Key,
    topic: Key,
    of: Answers,
    paging: Pages,
) -> dict[str, Any]:
    """One topic with the answers that speak of it, the newest first."""
    row = survey_of(request, product, survey, Permission.RUN_SURVEYS)
    return topic_whole(row, of.wanted, topic, of.language, limit=paging.limit, offset=paging.offset)
