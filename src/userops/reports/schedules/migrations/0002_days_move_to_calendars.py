"""The days of the house move into the standard working calendar of their product."""

from django.db import migrations

NAME = {"zh": "标准工作时间", "en": "Standard hours"}
OFFICE = "09:00-18:00"


def move(apps, _editor):
    OwnDay = apps.get_model("report_schedules", "OwnDay")
    WorkCalendar = apps.get_model("calendars", "WorkCalendar")
    CalendarDay = apps.get_model("calendars", "CalendarDay")
    for own in OwnDay.objects.select_related("product"):
        calendar, _made = WorkCalendar.objects.get_or_create(
            product=own.product,
            standard=True,
            defaults={
                "name": f"{NAME['zh']} · {NAME['en']}",
                "timezone": own.product.timezone,
                "week": [OFFICE] * 5 + ["off"] * 2,
                "make_up": OFFICE,
                "region": "CN",
            },
        )
        CalendarDay.objects.get_or_create(
            calendar=calendar,
            day=own.day,
            defaults={"hours": OFFICE if own.working else "off", "note": own.note},
        )


class Migration(migrations.Migration):
    dependencies = [
        ("report_schedules", "0001_initial"),
        ("calendars", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel(name="OwnDay"),
    ]
