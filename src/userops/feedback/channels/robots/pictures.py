"""Pictures of a message: fetched after the platform was answered, looked at like every file, put beside the words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from userops.errors import StoreFailed, UserOpsError
from userops.feedback.channels.models import Channel
from userops.feedback.channels.robots.kinds import PLATFORMS, settings_of
from userops.feedback.files.keeping import keep
from userops.feedback.tickets.actions import add_note
from userops.feedback.tickets.models import Attachment, Message
from userops.words import Words

NAME = "picture"
TRIES = 4


def fetch_later(channel: Channel, message: Message, named: Iterable[Mapping[str, str]]) -> None:
    from userops.feedback.channels.robots.tasks import fetch_picture

    for number, each in enumerate(named, 1):
        fetch_picture(channel.pk, message.pk, number, dict(each))


def fetch_one(
    channel: Channel, message: Message, number: int, named: Mapping[str, str], *, last: bool
) -> bool:
    """False when a later try may help. What is refused becomes a note."""
    stem = f"{NAME}-{number}"
    if message.attachments.filter(name__startswith=f"{stem}.").exists():
        return True
    try:
        data = PLATFORMS[channel.kind].picture(named, settings_of(channel))
        kept = keep(channel.product, stem, data)
    except UserOpsError as wrong:
        if isinstance(wrong, StoreFailed) and not last:
            return False
        _noted(message, wrong)
        return True
    Attachment.objects.create(
        message=message,
        name=kept.name,
        media_type=kept.media,
        size=kept.size,
        digest=kept.digest,
        stored=kept.key,
    )
    return True


def _noted(message: Message, wrong: UserOpsError) -> None:
    both = Words(
        f"消息中的图片未能取回：{wrong.words.zh}",
        f"A picture of the message could not be fetched: {wrong.words.en}",
    )
    language = "en" if message.ticket.language.startswith("en") else "zh"
    add_note(message.ticket, both.text(language), acting_user=None)
