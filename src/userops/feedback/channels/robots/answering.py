"""Answers go back to the chat: each at most once, also when the server stops in the middle.

Where a group reads along, the address of the user's own page is left out unless the channel allows it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from userops.errors import UserOpsError
from userops.feedback.channels.models import Channel, Spoken, Talk
from userops.feedback.channels.robots.calling import Unsure
from userops.feedback.channels.robots.kinds import PLATFORMS, settings_of
from userops.feedback.channels.robots.speaking import Said, Saying, silent
from userops.feedback.tickets.models import Message, Ticket
from userops.notices.sealing import unseal


def talk_of(ticket: Ticket) -> Talk | None:
    """Where the user is spoken to; None for a ticket of another channel, or of one that is gone or paused."""
    found = Talk.objects.filter(ticket=ticket).select_related("channel").first()
    return found if found is not None and found.channel.active else None


def speaks(ticket: Ticket) -> bool:
    """Whether its user came by a robot that is still there."""
    if ticket.channel not in PLATFORMS:
        return False
    rows = Channel.objects.filter(product=ticket.product_id, key=ticket.channel_key, active=True)
    return rows.exists()


def send_answer(message: Message) -> None:
    """An answer of a member (`SENDERS`). Raises `StoreFailed` when a later try may help, else `Refused`."""
    from userops.feedback.telling.following import progress_address

    ticket = message.ticket
    talk = talk_of(ticket)
    if talk is None:
        raise silent()
    text = message.text
    if message.attachments.exists() and open_to_reader(talk):
        english = ticket.language.startswith("en")
        seen = "Files are on your page:" if english else "附件请在进展页查看："
        text = f"{text}\n\n{seen}\n{progress_address(ticket)}"
    said = speak(talk, text, name=f"answer-{message.pk}")
    if said.id:
        name = f"{talk.channel.kind}:{said.id}"[:300]
        Message.objects.filter(pk=message.pk, external_id="").update(external_id=name)


def tell(ticket: Ticket, subject: str, text: str, *, name: str) -> None:
    """A change of the ticket (`telling`): in a group its title only. Raises `StoreFailed`, `Refused`."""
    talk = talk_of(ticket)
    if talk is None:
        raise silent()
    speak(talk, text if open_to_reader(talk) else subject, name=name)


def open_to_reader(talk: Talk) -> bool:
    """Whether nobody else reads along, or the channel does not mind."""
    return not talk.group or talk.channel.options.get("links_in_groups") is True


def speak(talk: Talk, text: str, *, name: str) -> Said:
    """Say it now, once. Raises `StoreFailed` when it surely was not said and a later try may help."""
    spoken, fresh = Spoken.objects.get_or_create(key=name, defaults={"at": datetime.now(UTC)})
    if spoken.done:
        return Said()
    if not fresh:
        raise Unsure  # an earlier try was cut short: nobody knows how far it came
    try:
        said = PLATFORMS[talk.channel.kind].say(
            _saying(talk, text, name), settings_of(talk.channel)
        )
    except Unsure:
        raise
    except UserOpsError:
        spoken.delete()
        raise
    Spoken.objects.filter(pk=spoken.pk).update(done=True)
    if said.used_up:
        Talk.objects.filter(pk=talk.pk).update(session="")
    return said


def _saying(talk: Talk, text: str, name: str) -> Saying:
    over = talk.until is not None and talk.until <= datetime.now(UTC)
    session = unseal(talk.session) if talk.session and not over else ""
    return Saying(name, text, talk.sender, talk.chat, talk.group, talk.heard, session)
