"""The form of an alert: its choices are those of the trend that it watches."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from userops.alerts.actions import LONGEST_NAME, LONGEST_WAIT, Wanted
from userops.alerts.models import Alert, Base, Kind, Rule, Sensitivity, Side
from userops.alerts.reading import line_words, trend_of
from userops.analyses.trend.document import Trend
from userops.insights.actions import visible
from userops.insights.models import SavedAnalysis
from userops.notices.models import Channel
from userops.workspace.forms import HouseForm
from userops.workspace.language import reader_language
from userops.workspace.models import User
from userops.workspace.setup import LOCAL_EMAIL

RELATIVE = (Rule.RISE, Rule.FALL, Rule.CHANGE)
BY = "by_"


class AlertForm(HouseForm):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    series = forms.TypedChoiceField(label=_("Figure"), coerce=int)
    kind = forms.ChoiceField(
        label=_("Fires when the figure"),
        choices=(
            (Kind.ANOMALY, _("is unusual for its season")),
            (Kind.THRESHOLD, _("passes a limit")),
        ),
        initial=Kind.ANOMALY,
        widget=forms.RadioSelect,
    )
    rule = forms.ChoiceField(label=_("Rule"), choices=Rule.choices, required=False)
    limit = forms.FloatField(label=_("Limit (a change in %)"), required=False)
    base = forms.ChoiceField(label=_("Compared with"), choices=Base.choices, required=False)
    side = forms.ChoiceField(label=_("Which side"), choices=Side.choices, required=False)
    sensitivity = forms.ChoiceField(
        label=_("Sensitivity"),
        choices=Sensitivity.choices,
        initial=Sensitivity.NORMAL,
        required=False,
    )
    wait_minutes = forms.IntegerField(
        label=_("Minutes to wait after a period has ended"),
        min_value=0,
        max_value=LONGEST_WAIT,
        initial=10,
        help_text=_("For events that come late."),
    )
    members = forms.TypedMultipleChoiceField(
        label=_("Members"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    mail = forms.BooleanField(label=_("Also by mail"), required=False)
    channels = forms.TypedMultipleChoiceField(
        label=_("Notice channels"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, analysis: SavedAnalysis, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.trend = trend_of(analysis.document)
        fields: dict[str, Any] = self.fields
        fields["series"].choices = _lines(self.trend)
        fields["members"].choices = _members(analysis)
        fields["channels"].choices = _channels(analysis)
        self.initial.setdefault("members", [user.pk])
        self.initial.setdefault("name", analysis.name)
        for name in self.trend.breakdown_names():
            self.fields[BY + name] = forms.CharField(
                label=name,
                required=False,
                max_length=400,
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )

    @property
    def breakdowns(self) -> list[Any]:
        return [self[BY + name] for name in self.trend.breakdown_names()]

    def wanted(self) -> Wanted:
        """The fields as the actions take them."""
        given = self.cleaned_data
        values = {name: given[BY + name] for name in self.trend.breakdown_names()}
        rule = given["rule"] or Rule.BELOW
        limit = given["limit"] or 0
        return Wanted(
            name=given["name"],
            series=given["series"],
            breakdown=values if any(values.values()) else {},
            kind=given["kind"],
            rule=rule,
            limit=limit / 100 if rule in RELATIVE else limit,
            base=given["base"] or Base.PREVIOUS,
            side=given["side"] or Side.BOTH,
            sensitivity=given["sensitivity"] or Sensitivity.NORMAL,
            wait_minutes=given["wait_minutes"],
            mail=given["mail"],
            members=tuple(given["members"]),
            channels=tuple(given["channels"]),
        )


def initial_of(alert: Alert) -> dict[str, Any]:
    """An alert as the form shows it."""
    relative = alert.rule in RELATIVE
    return {
        **{BY + name: value for name, value in alert.breakdown.items()},
        "name": alert.name,
        "series": alert.series,
        "kind": alert.kind,
        "rule": alert.rule,
        "limit": round(alert.limit * 100, 6) if relative else alert.limit,
        "base": alert.base,
        "side": alert.side,
        "sensitivity": alert.sensitivity,
        "wait_minutes": alert.wait_minutes,
        "mail": alert.mail,
        "members": [user.pk for user in alert.members.all()],
        "channels": [channel.pk for channel in alert.channels.all()],
    }


def _lines(trend: Trend) -> list[tuple[int, str]]:
    language = reader_language()
    count = len(trend.series) + len(trend.formulas)
    return [(index, line_words(trend, index).text(language)) for index in range(count)]


def _members(analysis: SavedAnalysis) -> list[tuple[int, str]]:
    everywhere = Q(memberships__product=None) | Q(memberships__product=analysis.product)
    users = (
        User.objects.filter(everywhere, is_active=True)
        .exclude(email=LOCAL_EMAIL)
        .distinct()
        .order_by("name", "email")
    )
    return [(user.pk, str(user)) for user in users if visible(analysis, user)]


def _channels(analysis: SavedAnalysis) -> list[tuple[int, str]]:
    if not analysis.shared:
        return []
    rows = Channel.objects.filter(product=analysis.product, active=True)
    return [(row.pk, row.name) for row in rows]
