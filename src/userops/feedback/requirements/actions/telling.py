"""Those who asked are told, with the words of the house or others; what did not leave is sent again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import transaction

from userops.errors import Refused
from userops.feedback.channels.models import Spoken
from userops.feedback.hints import CHOOSE_ONE
from userops.feedback.requirements.actions.keeping import take_requirement
from userops.feedback.requirements.linking import linked_numbers
from userops.feedback.requirements.models import Announcement, Answer, Requirement, Status
from userops.feedback.telling.actions import LANGUAGES, checked_wording
from userops.feedback.telling.models import Told
from userops.feedback.tickets.models import Ticket
from userops.words import Words
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

Texts = Mapping[str, Mapping[str, str]]


@transaction.atomic
def announce(
    requirement: Requirement,
    texts: Texts | None = None,
    *,
    ticket: Ticket | None = None,
    acting_user: User,
) -> Announcement:
    """Tell all who asked and were not told yet, or the user of one ticket, in the background. `texts`: language →
    `subject` and `text` with variables, where they are not the words of the house. Raises `Refused`."""
    permission = Permission.RUN_SURVEYS if ticket is None else Permission.HANDLE_TICKETS
    requirement = take_requirement(requirement, acting_user, permission)
    if requirement.status != Status.SHIPPED:
        raise Refused(
            Words("需求上线后才能告知用户。", "Users are told when the requirement has shipped."),
            code="requirement_not_shipped",
            hint=Words("请先把需求设为“已上线”。", "Set the requirement to shipped first."),
        )
    if ticket is not None and ticket.number not in linked_numbers(requirement):
        raise Refused(
            Words("这张工单没有关联这个需求。", "This ticket does not ask for the requirement."),
            code="ticket_not_linked",
            hint=Words("请先把工单关联到这个需求。", "Link the ticket to the requirement first."),
        )
    if requirement.announcements.filter(finished=None).exists():
        raise Refused(
            Words("正在告知用户，请稍候。", "Users are being told: wait until that is done."),
            code="announcement_going_on",
            hint=Words("进度见需求页。", "The requirement’s page tells how far it is."),
        )
    made = Announcement.objects.create(
        requirement=requirement, texts=_checked(texts or {}), ticket=ticket, by=acting_user
    )
    note(
        acting_user, "requirement.announced", product=requirement.product, target=str(requirement),
        ticket=ticket.number if ticket else None,
    )  # fmt: skip
    from userops.feedback.requirements.tasks import announce as go

    transaction.on_commit(lambda: go(made.pk) and None)
    return made


def _checked(texts: Texts) -> dict[str, dict[str, str]]:
    found = {}
    for language, given in texts.items():
        if language not in LANGUAGES:
            raise Refused(
                Words(
                    f"语言应为 {', '.join(LANGUAGES)} 之一。",
                    f"A language is one of {', '.join(LANGUAGES)}.",
                ),
                code="language_unknown",
                hint=CHOOSE_ONE,
            )
        subject, text = checked_wording(given.get("subject", ""), given.get("text", ""))
        found[language] = {"subject": subject, "text": text}
    return found


@transaction.atomic
def send_again(requirement: Requirement, *, acting_user: User) -> int:
    """What was given up, or was cut short so that nobody knows whether it arrived, leaves once more."""
    requirement = take_requirement(requirement, acting_user, Permission.RUN_SURVEYS)
    answers = Answer.objects.filter(requirement=requirement, told__state=Told.State.FAILED)
    keys = list(answers.values_list("told", flat=True))
    Spoken.objects.filter(key__in=[f"told-{key}" for key in keys], done=False).delete()
    rows = Told.objects.filter(pk__in=keys, state=Told.State.FAILED)
    count = rows.update(state=Told.State.WAITING, tries=0, due=datetime.now(UTC), error=None)
    note(
        acting_user, "requirement.sent_again", product=requirement.product,
        target=str(requirement), messages=count,
    )  # fmt: skip
    return count
