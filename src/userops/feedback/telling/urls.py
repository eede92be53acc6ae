"""Addresses under /p/<product>/feedback/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from userops.feedback.telling.wording import page

app_name = "telling"
urlpatterns: list[URLPattern | URLResolver] = [
    path("wordings", page.wordings, name="list"),
    path("wordings/<str:moment>/<str:language>", page.one, name="one"),
]
