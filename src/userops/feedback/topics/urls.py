"""The pages of topics."""

from __future__ import annotations

from django.urls import path

from userops.feedback.topics import page

app_name = "topics"
urlpatterns = [
    path("topics", page.listing, name="list"),
    path("topics/grow", page.grow, name="grow"),
    path("topics/cancel", page.cancel, name="cancel"),
    path("topics/<int:topic>", page.one, name="one"),
    path("topics/<int:topic>/rename", page.rename, name="rename"),
    path("topics/<int:topic>/merge", page.merge, name="merge"),
    path("topics/<int:topic>/separate", page.separate, name="separate"),
    path("topics/<int:topic>/dismiss", page.dismiss, name="dismiss"),
    path("topics/<int:topic>/accept", page.accept, name="accept"),
]
