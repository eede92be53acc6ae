"""The pages of the inbox."""

from __future__ import annotations

from django.urls import path

from userops.feedback.inbox import macros, page

app_name = "inbox"
urlpatterns = [
    path("inbox", page.inbox, name="list"),
    path("inbox/news", page.live, name="news"),
    path("inbox/many", page.many, name="many"),
    path("inbox/views", page.save_view, name="save-view"),
    path("inbox/views/<int:pk>/delete", page.delete_view, name="delete-view"),
    path("inbox/tickets.<str:extension>", page.export, name="export"),
    path("macros", macros.listing, name="macros"),
    path("macros/save", macros.save, name="save-macro"),
    path("macros/<int:pk>", macros.one, name="macro"),
    path("macros/<int:pk>/delete", macros.delete, name="delete-macro"),
]
