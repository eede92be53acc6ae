"""The pages of one ticket."""

from __future__ import annotations

from django.urls import path

from userops.feedback.tickets import page

app_name = "tickets"
urlpatterns = [
    path("tickets/merge", page.merge, name="merge"),
    path("tickets/<int:number>", page.one, name="one"),
    path("tickets/<int:number>/speaker", page.speaker, name="speaker"),
    path("tickets/<int:number>/files/<int:pk>", page.file, name="file"),
    path("tickets/<int:number>/<str:verb>", page.do, name="do"),
]
