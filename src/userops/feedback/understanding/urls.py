"""The pages of what tickets say."""

from __future__ import annotations

from django.urls import path

from userops.feedback.understanding import page

app_name = "understanding"
urlpatterns = [
    path("understanding", page.overview, name="overview"),
    path("understanding/settings", page.settings, name="settings"),
    path("understanding/learn", page.learn, name="learn"),
    path("understanding/batch", page.start, name="start"),
    path("understanding/batch/<int:run>/cancel", page.cancel, name="cancel"),
    path("tickets/<int:number>/reading", page.read, name="read"),
    path("tickets/<int:number>/reading/correct", page.correct, name="correct"),
    path("tickets/<int:number>/reading/accept", page.accept, name="accept"),
]
