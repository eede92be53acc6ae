"""The form of a web form's channel."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from userops.errors import Refused
from userops.feedback.channels.actions import LONGEST_NAME
from userops.feedback.channels.mail.aside.keeping import DAYS, MOST_DAYS
from userops.feedback.channels.mail.fetching import checked_address
from userops.feedback.channels.models import Channel
from userops.feedback.channels.options import origins_of, words_of
from userops.workspace.forms import HouseForm, said

_ROWS = {"rows": 2}
_HELD = _("One a line. What is held is under Spam in the inbox, and can be released.")


class ChannelForm(HouseForm):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=100, required=False)
    title_en = forms.CharField(label=_("Title in English"), max_length=100, required=False)
    intro_zh = forms.CharField(
        label=_("Words above the form, in Chinese"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs=_ROWS),
    )
    intro_en = forms.CharField(
        label=_("Words above the form, in English"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs=_ROWS),
    )
    contact = forms.ChoiceField(
        label=_("E-mail or phone"),
        choices=(
            ("optional", _("asked, may be left out")),
            ("required", _("must be given")),
            ("none", _("not asked")),
        ),
        required=False,
    )
    categories = forms.BooleanField(label=_("Ask what it is about"), required=False, initial=True)
    attachments = forms.BooleanField(
        label=_("Take screenshots and files"), required=False, initial=True
    )
    signature = forms.BooleanField(
        label=_("Tie only signed users to their profile"), required=False
    )
    origins = forms.CharField(
        label=_("Sites that may show the widget"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={**_ROWS, "placeholder": "https://shop.example.com"}),
        help_text=_("One a line; nothing: all sites."),
    )
    blocked = forms.CharField(
        label=_("Words that hold a message back"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs=_ROWS),
        help_text=_HELD,
    )

    def _listed(self, name: str, read: Any) -> tuple[str, ...]:
        try:
            found: tuple[str, ...] = read(str(self.cleaned_data[name]))
        except Refused as wrong:
            raise forms.ValidationError(said(wrong)) from None
        return found

    def clean_origins(self) -> tuple[str, ...]:
        return self._listed("origins", origins_of)

    def clean_blocked(self) -> tuple[str, ...]:
        return self._listed("blocked", words_of)

    def options(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if name != "name"}
        return {**given, "contact": given["contact"] or "optional"}


class MailboxForm(HouseForm):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    address = forms.EmailField(label=_("E-mail address"), max_length=200)
    imap = forms.CharField(
        label=_("Mails come in by"),
        max_length=1_000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="imaps://user:password@imap.example.com/INBOX",
    )
    smtp = forms.CharField(
        label=_("Answers leave by"),
        max_length=1_000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("smtps://user:password@smtp.example.com; nothing: the server of mail_url."),
    )
    blocked = forms.CharField(
        label=_("Words that hold a message back"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs=_ROWS),
        help_text=_HELD,
    )
    aside_days = forms.IntegerField(
        label=_("Days that mails put aside are kept"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=DAYS,
        required=False,
    )

    def clean_blocked(self) -> tuple[str, ...]:
        return words_of(str(self.cleaned_data["blocked"]))

    def _address(self, name: str) -> str:
        given = str(self.cleaned_data[name])
        try:
            return checked_address(given, (f"{name}s", name)) if given else ""
        except Refused as wrong:
            raise forms.ValidationError(said(wrong)) from None

    def clean_imap(self) -> str:
        return self._address("imap")

    def clean_smtp(self) -> str:
        return self._address("smtp")

    def secrets(self) -> dict[str, str]:
        """The addresses that were typed; what was left empty stays as it is."""
        return {
            name: self.cleaned_data[name] for name in ("imap", "smtp") if self.cleaned_data[name]
        }

    def options(self) -> dict[str, Any]:
        shown = {name: self.cleaned_data[name] for name in ("address", "blocked")}
        return {**shown, "aside_days": self.cleaned_data["aside_days"] or DAYS}


def initial_of(channel: Channel) -> dict[str, Any]:
    """A channel as the form shows it."""
    options = channel.form
    shown = {name: getattr(options, name) for name in options.__struct_fields__}
    return {
        **shown,
        "name": channel.name,
        "origins": "\n".join(options.origins),
        "blocked": "\n".join(options.blocked),
    }
