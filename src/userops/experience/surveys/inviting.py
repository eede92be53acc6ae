"""Invitations by mail: to whom, and sending them, each once.

Like notices: written first, sent by the outbox.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from userops.audience.people import scope_of
from userops.errors import Refused
from userops.events import profiles
from userops.events.identity import Forest, uids_of
from userops.events.store import Store
from userops.experience.surveys.gates import Occasion, judge
from userops.experience.surveys.invitations import invite, token_of
from userops.experience.surveys.models import Invitation, Step, Survey, Way
from userops.experience.surveys.questions import said
from userops.experience.surveys.recording import record
from userops.experience.surveys.standing import addresses_of, audience, rules_of, standings
from userops.feedback.channels.mail.writing import one_click
from userops.notices import outbox
from userops.notices.mailing import hand_over
from userops.notices.telling import absolute
from userops.query.sql import statement
from userops.segments import everyone
from userops.words import Words

State = Invitation.State
PLAIN = ("not_in_segment", "not_sampled", "no_address")
"""Reasons that stay computable and are not worth a row for each person."""
RECENT = timedelta(days=1)
"""A triggered mail goes to whom the event happened in this time."""


@dataclass(frozen=True, slots=True)
class Round:
    """Whom a round of mails would go to, and how many not, by the reason."""

    eligible: tuple[int, ...]
    refused: dict[int, str]

    @property
    def counts(self) -> list[tuple[str, int]]:
        return Counter(self.refused.values()).most_common()


def plan(store: Store, survey: Survey, now: datetime | None = None) -> Round:
    """The round that could be sent now."""
    now = now or datetime.now(UTC)
    rules = rules_of(survey)
    persons = _candidates(store, survey, now)
    occasion = Occasion(Way.MAIL, now, survey.trigger_event)
    eligible, refused = [], {}
    for person, standing in standings(store, survey, persons).items():
        reason = judge(rules, standing, occasion).reason
        if reason:
            refused[person] = reason
        else:
            eligible.append(person)
    return Round(tuple(eligible), refused)


def _candidates(store: Store, survey: Survey, now: datetime) -> Iterable[int]:
    scope = scope_of(store, survey.product)
    if not survey.trigger_event:
        members = audience(store, survey)
        return list(everyone(scope) if members is None else members)
    values = scope.values()
    values.parameters |= {
        "event": survey.trigger_event,
        "since": int((now - RECENT).timestamp() * 1000),
    }
    sql = statement(Path(__file__).with_name("triggered.sql"), {"person": scope.person})
    return [row[0] for row in scope.engine.rows(sql, values.parameters)]


def send_round(store: Store, survey: Survey, now: datetime | None = None) -> Round:
    """Invite whom the round holds; the log says of the others why not."""
    from userops.experience.surveys.tasks import deliver

    now = now or datetime.now(UTC)
    found = plan(store, survey, now)
    for person in found.eligible:
        with transaction.atomic():
            record(survey, Step.ELIGIBLE, Way.MAIL, person=person, now=now)
            # asked from now on: a second round at the same time finds them asked
            record(survey, Step.SENT, Way.MAIL, person=person, now=now)
            invite(survey, person, Way.MAIL, State.WAITING)
    for person, reason in found.refused.items():
        if reason not in PLAIN:
            record(survey, Step.NOT_SHOWN, Way.MAIL, person=person, reason=reason, now=now)
    deliver()
    return found


def deliver_due(now: datetime | None = None) -> int:
    """Send what is due; answers how many were tried."""
    rows = Invitation.objects.select_related("survey__product")
    return outbox.send_due(rows, _send, now)


def _send(row: Invitation, _cut_short: bool) -> None:
    """One mail in the reader's language. Raises what `hand_over` raises, and `Refused` without an address."""
    survey = row.survey
    forest = Forest(survey.product_id)
    forest.load([row.person])
    address = addresses_of(survey.product, [row.person], forest).get(row.person)
    if address is None:
        raise Refused(
            Words("用户的档案里已没有邮箱。", "The user's profile has no e-mail address any more."),
            code="no_address",
        )
    language = _language(survey, row.person)
    token = token_of(row)
    link = absolute(reverse("survey_public:open", args=[survey.key])) + f"?t={token}"
    stop = absolute(reverse("survey_public:stop", args=[survey.key])) + f"?t={token}"
    question = survey.document.questions[0]
    asked = said(question.title, language)
    context = {
        "survey": survey,
        "intro": said(survey.document.intro, language),
        "question": asked,
        "values": getattr(question, "values", ()),
        "link": link,
        "stop": stop,
    }
    with override(language):
        text = render_to_string("experience/surveys/mail_text.html", context)
        html = render_to_string("experience/surveys/mail.html", context)
    # the same name at every try: a mail program shows a message that came twice once
    headers = {
        "Message-ID": f"<survey-{row.pk}-{row.digest[:16]}@userops>",
        **one_click(stop),
        "Auto-Submitted": "auto-generated",
    }
    subject = " ".join((said(survey.document.intro, language) or asked).split())[:120]
    mail = EmailMultiAlternatives(subject, text, to=[address], headers=headers)
    mail.attach_alternative(html, "text/html")
    hand_over(mail, once=False)


def _language(survey: Survey, person: int) -> str:
    """The person's own where the survey speaks it, else its first."""
    languages = survey.document.languages
    known = profiles.of_person(survey.product_id, uids_of(survey.product_id, person))
    own = str(known.get("language") or known.get("$language") or "").lower()
    wanted = "zh-hans" if own.startswith("zh") else own[:2]
    return wanted if wanted in languages else languages[0]
