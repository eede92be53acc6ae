"""The form of a schedule."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from userops.events.models import Product
from userops.notices.models import Channel
from userops.reports.kinds import BY_NAME
from userops.reports.schedules.actions import Wanted
from userops.reports.schedules.models import Schedule
from userops.workspace.forms import HouseForm
from userops.workspace.models import User
from userops.workspace.setup import LOCAL_EMAIL

WEEKDAYS = (
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
)  # fmt: skip
FORMATS = (
    ("docx", "Word"), ("pptx", "PowerPoint"), ("xlsx", "Excel"), ("pdf", "PDF"), ("html", "HTML"),
)  # fmt: skip
LANGUAGES = (("zh", "简体中文"), ("en", "English"))


class ScheduleForm(HouseForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Report"))
    about = forms.ChoiceField(
        label=_("Reported period"), choices=Schedule.About.choices, initial="month"
    )
    cadence = forms.ChoiceField(
        label=_("When"), choices=Schedule.Cadence.choices, initial="first_working_day"
    )
    weekday = forms.TypedChoiceField(
        label=_("Weekday"), coerce=int, choices=WEEKDAYS, initial=0, required=False
    )
    day = forms.IntegerField(
        label=_("Day of the month"), min_value=1, max_value=31, initial=1, required=False,
        help_text=_("31 is the last day of every month."),
    )  # fmt: skip
    at = forms.TimeField(
        label=_("Time of day"),
        initial=time(9),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    shift = forms.BooleanField(
        label=_("On a day off, the next working day instead"), required=False, initial=True
    )
    formats = forms.MultipleChoiceField(
        label=_("Formats"),
        choices=FORMATS,
        initial=["docx", "pdf"],
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=LANGUAGES, initial=["zh"], widget=forms.CheckboxSelectMultiple
    )
    attach = forms.BooleanField(
        label=_("Attach the files; else only the link is sent"), required=False, initial=True
    )
    members = forms.TypedMultipleChoiceField(
        label=_("Members"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    addresses = forms.CharField(
        label=_("Mail addresses outside"),
        required=False,
        max_length=6_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One in a line."),
    )
    channels = forms.TypedMultipleChoiceField(
        label=_("Notice channels"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any):
        super().__init__(*args, **kwargs)
        language = get_language() or "zh-hans"
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [(k.name, k.words.text(language)) for k in BY_NAME.values()]
        seeing = Q(memberships__product=product) | Q(memberships__product=None)
        members = User.objects.filter(seeing, is_active=True).exclude(email=LOCAL_EMAIL).distinct()
        fields["members"].choices = [(each.pk, str(each)) for each in members.order_by("email")]
        fields["channels"].choices = [
            (each.pk, each.name) for each in Channel.objects.filter(product=product)
        ]

    def wanted(self) -> Wanted:
        """The fields as the actions take them."""
        given = self.cleaned_data
        addresses = [each for each in re.split(r"[\s,;，；]+", given["addresses"]) if each]
        return Wanted(
            **{
                **given,
                "addresses": addresses,
                "day": given["day"] or 1,
                "weekday": given["weekday"] or 0,
            }
        )


def initial_of(schedule: Schedule) -> dict[str, Any]:
    """A schedule as the form shows it."""
    names = (
        "name", "kind", "about", "cadence", "weekday", "day", "at", "shift", "formats",
        "languages", "attach",
    )  # fmt: skip
    return {
        **{name: getattr(schedule, name) for name in names},
        "members": [each.pk for each in schedule.members.all()],
        "addresses": "\n".join(schedule.addresses),
        "channels": [each.pk for each in schedule.channels.all()],
    }
