"""The pages of rules."""

from __future__ import annotations

from django.urls import path

from userops.feedback.rules import page

app_name = "rules"
urlpatterns = [
    path("rules", page.listing, name="list"),
    path("rules/new", page.create, name="new"),
    path("rules/log", page.log, name="log"),
    path("rules/<int:pk>", page.one, name="one"),
    path("rules/<int:pk>/edit", page.edit, name="edit"),
    path("rules/<int:pk>/change", page.change, name="change"),
    path("rules/<int:pk>/dry-run", page.dry_run, name="dry-run"),
]
