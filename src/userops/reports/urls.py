"""The pages of reports."""

from __future__ import annotations

from django.urls import path

from userops.reports.pages import editing, one, reports

app_name = "reports"
urlpatterns = [
    path("reports", reports.listing, name="list"),
    path("reports/new", reports.create, name="new"),
    path("reports/<int:pk>", one.read, name="one"),
    path("reports/<int:pk>/edit", editing.edit, name="edit"),
    path("reports/<int:pk>/change", one.change, name="change"),
    path("reports/<int:pk>/compare", one.compare, name="compare"),
    path("reports/<int:pk>/export", one.download, name="export"),
    path("reports/<int:pk>/comment", editing.comment, name="comment"),
    path("reports/<int:pk>/sentences/<int:sentence>", editing.sentence, name="sentence"),
]
