"""Who is told when a calendar has changed: one list, in this order.

Each follower is a function of the product and the calendar, called in the transaction of the change. They
belong to higher layers, so they are named, not imported.
"""

from __future__ import annotations

from django.utils.module_loading import import_string

from userops.calendars.models import WorkCalendar

FOLLOWERS: tuple[str, ...] = (
    "userops.reports.schedules.actions.follow_calendar",
    "userops.feedback.clocks.keeping.follow_calendar",
)


def tell_followers(calendar: WorkCalendar) -> None:
    for name in FOLLOWERS:
        import_string(name)(calendar)
