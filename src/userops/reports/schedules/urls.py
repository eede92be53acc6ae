"""The pages of report schedules."""

from __future__ import annotations

from django.urls import path

from userops.reports.schedules import page

app_name = "report_schedules"
urlpatterns = [
    path("report-schedules", page.listing, name="list"),
    path("report-schedules/new", page.create, name="new"),
    path("report-schedules/<int:schedule>", page.one, name="one"),
    path("report-schedules/<int:schedule>/edit", page.edit, name="edit"),
    path("report-schedules/<int:schedule>/change", page.change, name="change"),
]
