"""Channels of a product, and what came in by them."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from userops.collect.imports.models import FileImport
from userops.events.models import Product
from userops.feedback.channels.options import FormOptions
from userops.feedback.tickets.models import Ticket
from userops.words import Words
from userops.workspace.models import User


def new_key() -> str:
    return "fb_" + secrets.token_urlsafe(18)


class Kind(models.TextChoices):
    FORM = "form", _("Web form and widget")
    MAIL = "mail", pgettext_lazy("channel", "Mailbox")
    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    FEISHU = "feishu", _("Feishu")


class Channel(models.Model):
    """One door. `key` is public and names it in addresses; `sealed` holds its secrets, encrypted."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="feedback_channels")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=100)
    key = models.CharField(max_length=40, unique=True, default=new_key)
    options = models.JSONField(default=dict)
    sealed = models.TextField(blank=True)
    active = models.BooleanField(default=True)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    problem = models.JSONField(null=True, blank=True)
    """What went wrong when the door was last used from here, in both languages; null when nothing."""
    used = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def problem_words(self) -> Words | None:
        return Words(**self.problem) if self.problem else None

    @property
    def form(self) -> FormOptions:
        return msgspec.convert(self.options, FormOptions)


class Arrival(models.Model):
    """One word that came in by a public door: what rates and likeness are counted by."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="arrivals")
    at = models.DateTimeField()
    sender = models.CharField(max_length=64)
    """A keyed hash of the sender's address: counted, never read."""
    once = models.CharField(max_length=64)
    """Of the page that was filled in: sent twice, it counts once."""
    verified = models.BooleanField(default=False)
    """The site has signed who the user is."""
    reasons = models.JSONField(default=list)
    """Why it was held back; nothing when it was not."""
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="arrivals")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "once"], name="one_arrival_of_a_page")
        ]
        indexes = [
            models.Index(fields=["channel", "-at"], name="arrivals_of_channel"),
            models.Index(fields=["channel", "sender", "-at"], name="arrivals_of_sender"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.at:%Y-%m-%d %H:%M}"


class Talk(models.Model):
    """Where the user of a ticket is spoken to by a robot (`robots/`): of his last message."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="talk")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="talks")
    sender = models.CharField(max_length=200)
    chat = models.CharField(max_length=200, blank=True)
    group = models.BooleanField(default=False)
    heard = models.CharField(max_length=200, blank=True)
    """The platform's id of his last message."""
    session = models.TextField(blank=True)
    """The address that takes answers, sealed: it holds a key."""
    until = models.DateTimeField(null=True, blank=True)
    """When the session ends; null when it does not."""

    class Meta:
        indexes = [models.Index(fields=["channel", "sender", "chat"], name="talks_of_sender")]

    def __str__(self) -> str:
        return f"{self.channel} {self.ticket_id}"


class Spoken(models.Model):
    """Something that a robot says, once: the row stands before it is said, and goes when it surely was not."""

    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    done = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.key


class AsideMail(models.Model):
    """A mail that became nothing: kept as a file, so that a member can look and decide (`mail/aside/`)."""

    class Reason(models.TextChoices):
        BOUNCE = "bounce", _("Our mail was not delivered")
        AUTOMATIC = "automatic", _("Automatic reply or list")
        UNREADABLE = "unreadable", _("It could not be taken in")
        UNKNOWN = "unknown", _("An unexpected error")

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="aside")
    at = models.DateTimeField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    detail = models.CharField(max_length=500, blank=True)
    """What the server said, or the code of the error."""
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=64)
    stored = models.CharField(max_length=80)
    """The file's name in the folder `quarantine` of the data folder."""
    size = models.PositiveBigIntegerField()
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="+")
    """What a member made of it."""

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "digest"], name="one_aside_of_a_mail")
        ]

    def __str__(self) -> str:
        return self.subject or self.sender


class TicketImport(FileImport):
    """One file of tickets."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="ticket_imports")
    mapping = models.JSONField(default=dict)


class ImportedTicket(models.Model):
    """A ticket that a file brought: what taking the import back looks for."""

    ticket = models.OneToOneField(
        Ticket, on_delete=models.CASCADE, primary_key=True, related_name="imported"
    )
    of = models.ForeignKey(TicketImport, on_delete=models.CASCADE, related_name="tickets")


def options_of(fields: dict[str, Any]) -> dict[str, Any]:
    """The options of a form as they are stored."""
    built: dict[str, Any] = msgspec.to_builtins(msgspec.convert(fields, FormOptions, strict=False))
    return built
