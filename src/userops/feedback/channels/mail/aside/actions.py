"""Writes: what members decide about mails that were put aside."""

from __future__ import annotations

from django.db import transaction

from userops.errors import NotFound
from userops.events.models import Product
from userops.feedback.channels.mail.aside.keeping import drop, raw_of
from userops.feedback.channels.mail.parsing import parsed
from userops.feedback.channels.mail.taking import files_of
from userops.feedback.channels.mail.threading import plain_subject
from userops.feedback.channels.models import AsideMail
from userops.feedback.files.keeping import Kept, discard
from userops.feedback.tickets.actions import File, Incoming, add_note, open_ticket
from userops.feedback.tickets.models import Source, Ticket
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission


def aside_of(product: Product, key: int) -> AsideMail:
    """Raises `NotFound`."""
    rows = AsideMail.objects.select_related("channel__product", "ticket")
    found = rows.filter(channel__product=product, pk=key).first()
    if found is None:
        raise NotFound(
            Words("没有这封邮件。", "There is no such mail."),
            code="aside_unknown",
            hint=Words(
                "它可能已删除或已过保留期；请回到搁置邮件列表。",
                "It may have been deleted, or kept long enough: go back to the list of mails put aside.",
            ),
        )
    return found


def make_ticket(row: AsideMail, *, acting_user: User) -> Ticket:
    """It was meant for us after all; the same ticket when asked twice. Nobody is told. Raises `NotFound`, `Refused`."""
    product = row.channel.product
    check(acting_user, product, Permission.MANAGE_DESK)
    raw = raw_of(row)
    mail = parsed(raw)
    kept, refused = files_of(row.channel, mail)
    try:
        with transaction.atomic():
            row.refresh_from_db(from_queryset=AsideMail.objects.select_for_update(of=("self",)))
            if row.ticket is not None:
                made, done = row.ticket, True
            else:
                made, done = open_ticket(product, Incoming(
                    text=mail.text or plain_subject(mail.subject) or "–",
                    subject=plain_subject(mail.subject), channel=Source.MAIL, channel_key=row.channel.key,
                    name=mail.name, email=mail.address, at=mail.at, html=mail.html, external_id=mail.id,
                    files=tuple(File.of(each) for each in kept),
                ), acting_user=acting_user), False  # fmt: skip
                row.ticket = made
                row.save(update_fields=["ticket"])
                if refused:
                    add_note(made, "\n".join(refused), acting_user=None)
                note(
                    acting_user, "aside_mail.made_ticket", product=product, target=f"#{made.number}"
                )
    except BaseException:
        _dropped(row, kept)
        raise
    if done:
        _dropped(row, kept)
    return made


def _dropped(row: AsideMail, kept: list[Kept]) -> None:
    for each in kept:
        discard(row.channel.product_id, each.key)


@transaction.atomic
def delete_aside(row: AsideMail, *, acting_user: User) -> None:
    """Its file goes too; a ticket that was made of it stays."""
    check(acting_user, row.channel.product, Permission.MANAGE_DESK)
    note(acting_user, "aside_mail.deleted", product=row.channel.product, target=row.subject)
    drop(row)
