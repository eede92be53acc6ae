"""Forms of a policy and of a team's terms. Targets are typed in working hours and kept in minutes."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from userops.calendars.models import WorkCalendar
from userops.events.models import Product
from userops.feedback.clocks.actions import Wanted
from userops.feedback.clocks.models import Policy
from userops.feedback.clocks.steps import STANDARD, WHO, Step, steps_of
from userops.feedback.sorting.models import Category
from userops.feedback.tickets.models import Severity
from userops.notices.models import Channel
from userops.workspace.forms import HouseForm

SHOWN_STEPS = 4


def _hours(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_value=10_000, decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )  # fmt: skip


class PolicyForm(HouseForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    severities = forms.MultipleChoiceField(
        label=_("Severity"), choices=Severity.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    categories = forms.TypedMultipleChoiceField(
        label=_("Category"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    tiers = forms.CharField(
        label=_("Customer tier"), required=False, max_length=2_000,
        help_text=_("Several are separated by commas."),
    )  # fmt: skip
    first = _hours(_("First response"))
    next = _hours(_("Next response"))
    resolution = _hours(pgettext_lazy("clock", "Resolution"))
    team = _hours(_("Handed over"))
    calendar = forms.TypedChoiceField(
        label=_("Working calendar"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        categories = Category.objects.filter(product=product, active=True)
        fields["categories"].choices = [(each.pk, each.path) for each in categories]
        fields["calendar"].choices = calendars_of(product)
        channels = [(each.pk, each.name) for each in Channel.objects.filter(product=product)]
        language = get_language() or "zh-hans"
        who = [(key, words.text(language)) for key, words in WHO.items()]
        for number in range(SHOWN_STEPS):
            self._add_step(fields, number, who, channels)

    @staticmethod
    def _add_step(fields: dict[str, Any], number: int, who: Any, channels: Any) -> None:
        fields[f"percent{number}"] = forms.IntegerField(
            label=_("Percent of the time"), required=False, min_value=1, max_value=1_000,
            widget=forms.NumberInput(attrs={"class": "form-control"}),
        )  # fmt: skip
        boxes = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
        fields[f"tell{number}"] = forms.MultipleChoiceField(
            label=_("Who is told"), choices=who, required=False, widget=boxes
        )
        fields[f"channels{number}"] = forms.TypedMultipleChoiceField(
            label=_("Notice channels"), choices=channels, coerce=int, required=False, widget=boxes
        )

    @property
    def step_fields(self) -> list[tuple[forms.BoundField, ...]]:
        names = ("percent", "tell", "channels")
        return [tuple(self[f"{name}{number}"] for name in names) for number in range(SHOWN_STEPS)]

    def wanted(self) -> Wanted:
        """The fields as the actions take them."""
        given = self.cleaned_data
        steps = [
            Step(given[f"percent{n}"], tuple(given[f"tell{n}"]), tuple(given[f"channels{n}"]))
            for n in range(SHOWN_STEPS)
            if given.get(f"percent{n}")
        ]
        return Wanted(
            name=given["name"],
            severities=given["severities"],
            categories=given["categories"],
            tiers=re.split(r"[,，、;；\n]", given["tiers"]),
            calendar=given["calendar"],
            steps=steps,
            **{name: minutes(given[name]) for name in ("first", "next", "resolution", "team")},
        )


class TeamForm(HouseForm):
    minutes = _hours(_("Handed over"))
    calendar = forms.TypedChoiceField(
        label=_("Working calendar"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["calendar"].choices = calendars_of(product)


def calendars_of(product: Product) -> list[tuple[Any, Any]]:
    rows = WorkCalendar.objects.filter(product=product)
    return [("", _("The standard one")), *((each.pk, each.name) for each in rows)]


def minutes(hours: Decimal | None) -> int | None:
    return None if not hours else max(1, round(hours * 60))


def hours(minutes_: int | None) -> Decimal | None:
    if minutes_ is None:
        return None
    found = (Decimal(minutes_) / 60).quantize(Decimal("0.01")).normalize()
    return found.quantize(Decimal(1)) if found == found.to_integral() else found


def initial_of(policy: Policy | None) -> dict[str, Any]:
    """A policy, or the start of one, as the form shows it."""
    steps = steps_of(policy.steps) if policy else STANDARD
    shown: dict[str, Any] = {}
    for number, step in enumerate(steps[:SHOWN_STEPS]):
        shown[f"percent{number}"] = step.percent
        shown[f"tell{number}"] = list(step.tell)
        shown[f"channels{number}"] = list(step.channels)
    if policy is None:
        return {"first": 4, "next": 8, "resolution": 24, **shown}
    targets = {
        name: hours(getattr(policy, name)) for name in ("first", "next", "resolution", "team")
    }
    return {
        "name": policy.name,
        "severities": policy.severities,
        "categories": [each.pk for each in policy.categories.all()],
        "tiers": ", ".join(policy.tiers),
        "calendar": policy.calendar_id,
        **targets,
        **shown,
    }
