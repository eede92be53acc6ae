"""The pages of one ticket."""

from __future__ import annotations

from django.urls import path

from userops.feedback.tickets import looks, page

app_name = "tickets"
urlpatterns = [
    path("inbox/merge", page.merge, name="merge"),
    path("inbox/<int:number>", page.one, name="one"),
    path("inbox/<int:number>/speaker", page.speaker, name="speaker"),
    path("inbox/<int:number>/messages/<int:pk>", looks.looks, name="looks"),
    path("inbox/<int:number>/files/<int:pk>", page.file, name="file"),
    path("inbox/<int:number>/watch", page.watched, name="watch"),
    path("inbox/<int:number>/<str:verb>", page.do, name="do"),
]
