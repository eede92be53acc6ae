"""Writes: what users are told, and how they liked it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction

from userops.errors import Refused
from userops.events.models import Product
from userops.feedback.telling.models import Moment, OptOut, Rating, Wording
from userops.feedback.tickets.history import record, take
from userops.feedback.tickets.models import Status, Ticket, TicketEvent
from userops.feedback.tickets.users import keys_of
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

LANGUAGES = ("zh-hans", "en")
CORRECTED_WITHIN = timedelta(days=7)
LONGEST_COMMENT = 2_000
SHOWN_COMMENT = 200
"""So much of it stands in the history of the ticket."""
LONGEST_TEXT = 5_000


@transaction.atomic
def write_wording(
    product: Product,
    moment: str,
    language: str,
    *,
    subject: str,
    text: str,
    active: bool,
    acting_user: User,
) -> Wording:
    """What is told at a moment in a language. Raises `Refused`."""
    check(acting_user, product, Permission.MANAGE_DESK)
    if moment not in Moment.values or language not in LANGUAGES:
        raise _invalid()
    subject, text = checked_wording(subject, text)
    made, _fresh = Wording.objects.update_or_create(
        product=product,
        moment=moment,
        language=language,
        defaults={"subject": subject, "text": text, "active": active},
    )
    note(acting_user, "wording.written", product=product, target=f"{moment} {language}")
    return made


def checked_wording(subject: str, text: str) -> tuple[str, str]:
    """A subject and a text as they are sent. Raises `Refused`."""
    subject, text = " ".join(subject.split()), text.replace("\r\n", "\n").strip()
    good = subject and len(subject) <= 200 and text and len(text) <= LONGEST_TEXT
    if not good or "\x00" in subject + text:
        raise _invalid()
    return subject, text


def _invalid() -> Refused:
    return Refused(
        Words(
            f"主题应为 1 到 200 个字符，正文应为 1 到 {LONGEST_TEXT:,} 个字符。",
            f"A subject has 1 to 200 characters, a text 1 to {LONGEST_TEXT:,}.",
        ),
        code="wording_invalid",
        hint=Words("请缩短或补上内容。", "Shorten it, or write what is missing."),
    )


@transaction.atomic
def restore_wording(product: Product, moment: str, language: str, *, acting_user: User) -> None:
    """Back to the standard text."""
    check(acting_user, product, Permission.MANAGE_DESK)
    Wording.objects.filter(product=product, moment=moment, language=language).delete()
    note(acting_user, "wording.restored", product=product, target=f"{moment} {language}")


def ending_of(ticket: Ticket) -> TicketEvent | None:
    """The change of status by which the ticket ended last; None while it goes on."""
    if ticket.status not in (Status.SOLVED, Status.CLOSED):
        return None
    changes = ticket.events.filter(kind=TicketEvent.Kind.STATUS).order_by("-at", "-pk")
    ended = None
    for event in changes:
        if event.data.get("to") not in (Status.SOLVED, Status.CLOSED):
            break
        ended = event
    return ended


@transaction.atomic
def rate(ticket: Ticket, score: int, text: str = "", *, now: datetime | None = None) -> Rating:
    """The user says how it was: once for each ending, and may correct it for some days. Raises `Refused`."""
    now = now or datetime.now(UTC)
    ticket = take(ticket, None)
    ending = ending_of(ticket)
    if ending is None:
        raise Refused(
            Words("反馈还在处理中，解决后再评价。", "It goes on still: rate it when it is solved."),
            code="rating_too_early",
            hint=Words(
                "需要补充时，可直接在进展页留言。",
                "To add something, write on the page of progress.",
            ),
        )
    text = text.replace("\x00", "").strip()
    if score not in range(1, 6) or len(text) > LONGEST_COMMENT:
        raise Refused(
            Words(
                f"评分应为 1 到 5，说明最多 {LONGEST_COMMENT:,} 个字符。",
                f"A score is from 1 to 5, a comment has at most {LONGEST_COMMENT:,} characters.",
            ),
            code="rating_invalid",
            hint=Words(
                "请选 1 到 5 颗星，并缩短留言。", "Choose 1 to 5 stars, and shorten the comment."
            ),
        )
    given = Rating.objects.filter(ending=ending).first()
    if given is not None and now > given.at + CORRECTED_WITHIN:
        raise Refused(
            Words("评价提交 7 天后不能再修改。", "A rating is not changed after 7 days."),
            code="rating_final",
            hint=Words("可在进展页留言说明。", "You can still write on the page of progress."),
        )
    before = given.score if given else None
    given = given or Rating(ticket=ticket, ending=ending, at=now)
    given.score, given.text = score, text
    given.changed = now if before is not None else None
    given.save()
    changed = {"field": "rating", "from": before, "to": score, "said": text[:SHOWN_COMMENT]}
    record(ticket, TicketEvent.Kind.CHANGED, by=None, at=now, data=changed)
    return given


@transaction.atomic
def stop_news(ticket: Ticket) -> None:
    """The user of the ticket wants no news of what he once asked for, by whatever he is known."""
    for kind, value in keys_of(ticket, _itself):
        OptOut.objects.get_or_create(product=ticket.product, kind=kind, value=value)
    note(None, "news.stopped", product=ticket.product, target=f"#{ticket.number}")


@transaction.atomic
def resume_news(ticket: Ticket) -> None:
    for kind, value in keys_of(ticket, _itself):
        OptOut.objects.filter(product=ticket.product, kind=kind, value=value).delete()
    note(None, "news.resumed", product=ticket.product, target=f"#{ticket.number}")


def _itself(uid: int) -> int:
    # persons may be merged later: whose uid it is then is asked when it is read (`news.py`)
    return uid
