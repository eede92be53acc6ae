"""Working calendars of a product, and the days of which the house says itself how they are."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from userops.events.models import Product
from userops.worktime.calendar import Calendar, OwnDay
from userops.worktime.hours import parsed


class WorkCalendar(models.Model):
    """One calendar. The standard one of a product is meant wherever none is named."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="calendars")
    name = models.CharField(max_length=60)
    timezone = models.CharField(max_length=60)
    week = models.JSONField()
    """The hours of Monday to Sunday, as `worktime.hours` writes them."""
    make_up = models.CharField(max_length=160)
    """The hours of a published make-up workday."""
    region = models.CharField(max_length=8, blank=True, default="CN")
    standard = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    """Goes up with each change, of a day too: what was computed with another one is computed anew."""
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-standard", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="one_calendar_of_name"),
            models.UniqueConstraint(
                fields=["product"], condition=Q(standard=True), name="one_standard_calendar"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def calendar(self) -> Calendar:
        """As the clock takes it, with its own days."""
        rows = self.days.values_list("day", "hours", "note")
        own = {day: OwnDay(parsed(hours), note) for day, hours, note in rows}
        week = tuple(parsed(hours) for hours in self.week)
        return Calendar(ZoneInfo(self.timezone), week, self.region, parsed(self.make_up), own)  # type: ignore[arg-type]


class CalendarDay(models.Model):
    """A day that is as the house says, whatever the week and the published holidays say."""

    calendar = models.ForeignKey(WorkCalendar, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    hours = models.CharField(max_length=160)
    """As `worktime.hours` writes them; `off` for a day off."""
    note = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "day"], name="one_row_for_each_day")
        ]
