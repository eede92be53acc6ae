"""The pages of one ticket."""

from __future__ import annotations

from django.urls import path

from userops.feedback.tickets import page

app_name = "tickets"
urlpatterns = [
    path("tickets/<int:number>", page.one, name="one"),
    path("tickets/<int:number>/answer", page.answer, name="answer"),
    path("tickets/<int:number>/note", page.add_note, name="note"),
    path("tickets/<int:number>/change", page.change, name="change"),
]
