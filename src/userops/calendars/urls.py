"""The pages of working calendars."""

from __future__ import annotations

from django.urls import path

from userops.calendars import page

app_name = "calendars"
urlpatterns = [
    path("calendars", page.listing, name="list"),
    path("calendars/new", page.create, name="new"),
    path("calendars/<int:pk>", page.one, name="one"),
    path("calendars/<int:pk>/edit", page.edit, name="edit"),
    path("calendars/<int:pk>/change", page.change, name="change"),
    path("calendars/<int:pk>/days.csv", page.table, name="table"),
]
