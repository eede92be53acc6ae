"""Addresses under /p/<product>/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from userops.feedback.channels.manage import page

app_name = "feedback_channels"
urlpatterns: list[URLPattern | URLResolver] = [
    path("channels", page.channels, name="list"),
    path("channels/new", page.new, name="new"),
    path("channels/<int:channel>", page.one, name="one"),
    path("channels/<int:channel>/edit", page.edit, name="edit"),
    path("channels/<int:channel>/change", page.change, name="change"),
]
