"""Forms of a calendar, of one day, of a table, and of a trial."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from userops.calendars.actions import LONGEST_NAME, Wanted
from userops.calendars.models import WorkCalendar
from userops.errors import UserOpsError
from userops.events.models import Product
from userops.workspace.forms import HouseForm, said
from userops.worktime.calendar import OFFICE, OFFICE_WEEK
from userops.worktime.hours import parsed, written
from userops.worktime.published import REGIONS
from userops.worktime.table import LONGEST_NOTE

WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip
LARGEST_TABLE = 1_000_000


class HoursField(forms.CharField):
    """Hours as people write them, checked where they stand."""

    def __init__(self, **kwargs: Any):
        widget = forms.TextInput(attrs={"placeholder": "09:00-12:00 13:30-18:00"})
        super().__init__(required=False, max_length=160, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return written(parsed(text))
        except UserOpsError as wrong:
            raise forms.ValidationError(said(wrong)) from None


class CalendarForm(HouseForm):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    timezone = forms.CharField(
        label=_("Time zone"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "timezones", "autocomplete": "off"}),
    )
    region = forms.ChoiceField(label=_("Public holidays"), required=False)
    make_up = HoursField(label=_("Hours of a make-up workday"), initial=written(OFFICE))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        language = get_language() or "zh-hans"
        fields: dict[str, Any] = self.fields
        fields["region"].choices = [(key, words.text(language)) for key, words in REGIONS.items()]
        for number, label in enumerate(WEEKDAYS):
            field = HoursField(label=label, initial=written(OFFICE_WEEK[number]))
            field.widget.attrs["class"] = "form-control"
            fields[f"day{number}"] = field

    @property
    def weekdays(self) -> list[forms.BoundField]:
        return [self[f"day{number}"] for number in range(7)]

    def wanted(self) -> Wanted:
        """The fields as the actions take them."""
        given = self.cleaned_data
        return Wanted(
            name=given["name"],
            timezone=given["timezone"].strip(),
            week=[given[f"day{number}"] for number in range(7)],
            make_up=given["make_up"],
            region=given["region"],
        )


class DayForm(HouseForm):
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    hours = HoursField(
        label=pgettext_lazy("calendar", "Hours"), help_text=_("“off” for a day off."),
    )  # fmt: skip
    note = forms.CharField(label=_("Occasion"), max_length=LONGEST_NOTE, required=False)


class TableForm(HouseForm):
    file = forms.FileField(
        label=_("CSV file"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"})
    )
    replace = forms.BooleanField(label=_("Remove days that are not in the table"), required=False)

    def text(self) -> str:
        """The table; whatever is not UTF-8 in it shows as a sign and is refused in its row."""
        data: bytes = self.cleaned_data["file"].read(LARGEST_TABLE)
        return data.decode("utf-8", "replace")


class TrialForm(HouseForm):
    start = forms.DateTimeField(
        label=pgettext_lazy("calendar", "From"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    hours = forms.DecimalField(
        label=_("Working hours"), min_value=0, max_value=2_000, decimal_places=2, initial=8
    )


def initial_of(row: WorkCalendar) -> dict[str, Any]:
    """A calendar as the form shows it."""
    days = {f"day{number}": hours for number, hours in enumerate(row.week)}
    names = ("name", "timezone", "region", "make_up")
    return {**{name: getattr(row, name) for name in names}, **days}


def initial_for(product: Product) -> dict[str, Any]:
    """Before anything is typed."""
    return {"timezone": product.timezone, "region": "CN"}
