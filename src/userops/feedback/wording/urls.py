"""The pages of the plugged model."""

from __future__ import annotations

from django.urls import path

from userops.feedback.wording import page

app_name = "wording"
urlpatterns = [
    path("language-model", page.settings, name="settings"),
    path("language-model/unplug", page.unplug, name="unplug"),
    path("language-model/try", page.try_out, name="try"),
    path("topics/<int:key>/words", page.topic, name="topic"),
    path("tickets/<int:key>/words", page.ticket, name="ticket"),
]
