"""The pages of alerts."""

from __future__ import annotations

from django.urls import path

from userops.alerts import page

app_name = "alerts"
urlpatterns = [
    path("alerts", page.alerts, name="list"),
    path("alerts/new", page.new, name="new"),
    path("alerts/<int:pk>", page.one, name="one"),
    path("alerts/<int:pk>/edit", page.edit, name="edit"),
    path("alerts/<int:pk>/change", page.change, name="change"),
]
