"""The form of a robot: what its platform asks, and what all have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from userops.feedback.channels.actions import LONGEST_NAME
from userops.feedback.channels.models import Channel
from userops.feedback.channels.robots.setup.asking import ASKED, Asked
from userops.workspace.forms import HouseForm


class RobotForm(HouseForm):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    links_in_groups = forms.BooleanField(
        label=_("Links to pages of progress may be said in groups"), required=False
    )
    blocked = forms.CharField(
        label=_("Words that hold a message back"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, kind: str, fresh: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for each in ASKED[kind]:
            self.fields[each.name] = _field(each, required=each.required and fresh)
        self.asked = [self[each.name] for each in ASKED[kind]]


def _field(asked: Asked, *, required: bool) -> forms.Field:
    language = get_language() or "zh-hans"
    look = {"class": "form-control", "autocomplete": "off"}
    words: dict[str, Any] = {
        "label": asked.words.text(language),
        "help_text": asked.hint.text(language),
        "required": required,
    }
    if asked.choices:
        choices = [(name, each.text(language)) for name, each in asked.choices]
        return forms.ChoiceField(
            choices=choices, widget=forms.Select(attrs={"class": "form-select"}), **words
        )
    widget = forms.PasswordInput if asked.secret else forms.TextInput
    return forms.CharField(max_length=1_000, widget=widget(attrs=look), **words)


def initial_of(channel: Channel) -> dict[str, Any]:
    """What is shown of a robot: no secrets."""
    shown = {
        each.name: channel.options.get(each.name, "")
        for each in ASKED[channel.kind]
        if not each.secret
    }
    return {
        **shown,
        "name": channel.name,
        "links_in_groups": channel.options.get("links_in_groups") is True,
        "blocked": "\n".join(channel.options.get("blocked", ())),
    }
