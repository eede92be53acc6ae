"""Words of a model about one topic or ticket: put together, asked for, kept."""

from __future__ import annotations

from datetime import UTC, datetime

from userops.errors import NotFound, UserOpsError
from userops.feedback.tickets.models import Message, Ticket
from userops.feedback.topics.models import Topic
from userops.feedback.understanding.words_of import words_of
from userops.feedback.wording import asking, using
from userops.feedback.wording.models import Kind, Wording
from userops.words import Words

State = Wording.State
CUT_SHORT = Words(
    "服务器在等待回答时停止了，请重新请求。", "The server stopped while waiting: ask again."
)


def write(words: Wording) -> Wording:
    """Ask the model; what goes wrong is kept beside the words that stood there before."""
    waiting = Wording.objects.filter(pk=words.pk, state=State.WAITING)
    try:
        row = using.plugged(words.product)
        asked = asked_of(words, row.language)
        said = using.ask(row, asked, kind=words.kind, about=words.key, by=words.asked_by)
    except UserOpsError as wrong:
        waiting.update(state=State.FAILED, problem=wrong.words.as_dict())
    else:
        waiting.update(
            state=State.DONE,
            name=said.name if words.kind == Kind.TOPIC else "",
            summary=said.summary,
            model=row.model,
            at=datetime.now(UTC),
            edited_by=None,
            problem=None,
        )
    words.refresh_from_db()
    return words


def asked_of(words: Wording, language: str) -> tuple[str, str]:
    """System and user message. Raises `NotFound` where the thing is gone."""
    if words.kind == Kind.TOPIC:
        topic = Topic.objects.filter(product=words.product, pk=int(words.key)).first()
        if topic is not None:
            nearest = topic.members.select_related("ticket").order_by("-near", "pk")
            texts = [words_of(each.ticket) for each in nearest[: asking.MOST_TEXTS]]
            return asking.of_topic(topic.terms, texts, language)
    else:
        ticket = Ticket.objects.filter(product=words.product, number=int(words.key)).first()
        if ticket is not None:
            return asking.of_ticket(_messages(ticket), language)
    raise NotFound(
        Words("对象已不存在。", "It is not there any more."),
        code="wording_gone",
        hint=Words("请刷新页面。", "Load the page again."),
    )


def _messages(ticket: Ticket) -> list[tuple[str, str]]:
    """What was said between the user and the team; notes among members never leave the house."""
    rows = Message.objects.filter(ticket=ticket).exclude(direction=Message.Direction.NOTE)
    said = [
        ("user" if each.direction == Message.Direction.IN else "team", each.text)
        for each in rows.order_by("at", "pk")
    ]
    return said or [("user", words_of(ticket))]


def words_about(product: int, kind: str, key: str) -> Wording | None:
    rows = Wording.objects.filter(product=product, kind=kind, key=key)
    return rows.select_related("edited_by", "product").first()


def end_those_cut_short() -> int:
    """When the server starts nobody waits for an answer any more."""
    waiting = Wording.objects.filter(state=State.WAITING)
    return waiting.update(state=State.FAILED, problem=CUT_SHORT.as_dict())
