"""Addresses for users, at the root of the site: short, and without a product's name."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from userops.feedback.channels.public import page
from userops.feedback.channels.robots import door
from userops.feedback.telling.progress import page as progress

app_name = "feedback_public"
urlpatterns: list[URLPattern | URLResolver] = [
    path("f/<str:key>", page.form, name="form"),
    path("f/<str:key>/thanks/<str:secret>", page.thanks, name="thanks"),
    path("r/<str:key>", door.call, name="robot"),
    path("t/<str:secret>", progress.progress, name="progress"),
    path("t/<str:secret>/say", progress.say, name="say"),
    path("t/<str:secret>/rating", progress.rated, name="rated"),
    path("t/<str:secret>/news", progress.news, name="news"),
    path("t/<str:secret>/files/<str:key>", progress.attachment, name="attachment"),
]
