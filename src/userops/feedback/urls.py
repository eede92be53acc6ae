"""All pages of the feedback desk: each folder brings its own list."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("userops.feedback.channels.urls")),
    path("", include("userops.feedback.telling.urls")),
    path("", include("userops.feedback.inbox.urls")),
    path("", include("userops.feedback.clocks.urls")),
    path("", include("userops.feedback.requirements.pages.urls")),
    path("", include("userops.feedback.rules.urls")),
    path("", include("userops.feedback.sorting.urls")),
    path("", include("userops.feedback.tickets.urls")),
    path("", include("userops.feedback.topics.urls")),
    path("", include("userops.feedback.understanding.urls")),
    path("", include("userops.feedback.wording.urls")),
]
