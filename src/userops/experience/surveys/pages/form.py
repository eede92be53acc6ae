"""The form of whom a survey asks, how, and how often."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from userops.audience.segments.models import Segment
from userops.events.models import EventDefinition, Product
from userops.experience.surveys.actions import MOST_CARRIED, QuotaWanted, Settings
from userops.experience.surveys.models import Survey, Way
from userops.workspace.forms import HouseForm


class AskingForm(HouseForm):
    ways = forms.MultipleChoiceField(
        label=_("How it is asked"), choices=Way.choices, widget=forms.CheckboxSelectMultiple
    )
    anonymous = forms.BooleanField(
        label=_("Anonymous"),
        required=False,
        help_text=_("Answers are kept without the user, the address, or the time of day. Fixed once published."),
    )  # fmt: skip
    segment = forms.ChoiceField(label=_("Segment"), required=False)
    sample_percent = forms.FloatField(label=_("Sample (%)"), min_value=0.001, max_value=100)
    seed = forms.CharField(
        label=_("Seed of the sample"),
        max_length=40,
        help_text=_("The same seed draws the same users."),
    )
    again = forms.ChoiceField(label=_("Asking again"), choices=Survey.Again.choices)
    again_days = forms.IntegerField(
        label=_("Days between two times"), min_value=0, max_value=365, initial=30
    )
    most_times = forms.IntegerField(label=_("At most so often"), min_value=1, max_value=50)
    own_clock = forms.BooleanField(
        label=_("Own clock: neither waits for the common budget nor uses it up"), required=False
    )
    trigger_event = forms.CharField(
        label=_("After this event (empty: at any time)"), max_length=200, required=False
    )
    opens = forms.DateTimeField(label=_("Opens"), required=False)
    closes = forms.DateTimeField(label=_("Closes"), required=False)
    most = forms.IntegerField(label=_("Complete answers wanted"), min_value=1, required=False)
    carries = forms.CharField(
        label=_("Properties of users that are kept with each answer"),
        required=False,
        max_length=400,
        help_text=_("At most three, separated by commas; as they are at that moment."),
    )
    quotas = forms.CharField(
        label=_("Quotas"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: question, answer, number. For example: plan, o1, 200"),
    )
    to_tickets = forms.BooleanField(label=_("Open answers become tickets"), required=False)

    def __init__(self, *args: Any, product: Product, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(product.timezone)
        segments = Segment.objects.filter(product=product).values_list("pk", "name")
        fields: dict[str, Any] = self.fields
        fields["segment"].choices = [
            ("", _("Everybody")),
            *((str(pk), name) for pk, name in segments),
        ]
        moment = {"type": "datetime-local", "class": "form-control"}
        for name in ("opens", "closes"):
            fields[name].widget = forms.DateTimeInput(attrs=moment, format="%Y-%m-%dT%H:%M")
        events = EventDefinition.objects.filter(product=product).order_by("name")
        self.events = list(events.values_list("name", flat=True)[:500])
        fields["trigger_event"].widget.attrs["list"] = "events"

    def clean_quotas(self) -> list[QuotaWanted]:
        found = []
        for line in self.cleaned_data["quotas"].splitlines():
            cells = [cell.strip() for cell in line.replace("，", ",").split(",")]
            if not any(cells):
                continue
            if len(cells) != 3 or not cells[2].isdecimal() or len(cells[2]) > 9:
                raise forms.ValidationError(_("Each line is: question, answer, number."))
            found.append(QuotaWanted(cells[0], cells[1], int(cells[2])))
        return found

    def clean_carries(self) -> list[str]:
        names = [
            each.strip() for each in self.cleaned_data["carries"].replace("，", ",").split(",")
        ]
        return [each for each in names if each][: MOST_CARRIED + 1]

    def wanted(self) -> Settings:
        """The fields as the action takes them."""
        given = dict(self.cleaned_data)
        given["segment"] = int(given["segment"]) if given["segment"] else None
        for name in ("opens", "closes"):
            given[name] = self._moment(given[name])
        return Settings(**given)

    def _moment(self, value: datetime | None) -> datetime | None:
        """What was typed is on the product's clock."""
        return value and value.replace(tzinfo=self.zone).astimezone(UTC)


def initial_of(survey: Survey) -> dict[str, Any]:
    """A survey as the form shows it."""
    zone = ZoneInfo(survey.product.timezone)
    plain = (
        "ways", "anonymous", "sample_percent", "seed", "again", "again_days", "most_times",
        "own_clock", "trigger_event", "most", "to_tickets",
    )  # fmt: skip
    local = {
        name: at.astimezone(zone).replace(tzinfo=None) if (at := getattr(survey, name)) else None
        for name in ("opens", "closes")
    }
    quotas = (f"{q.question}, {q.value}, {q.most}" for q in survey.quotas.order_by("pk"))
    return {
        **{name: getattr(survey, name) for name in plain},
        **local,
        "segment": str(survey.segment_id or ""),
        "carries": ", ".join(survey.carries),
        "quotas": "\n".join(quotas),
    }
