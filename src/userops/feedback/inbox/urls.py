"""The pages of the inbox."""

from __future__ import annotations

from django.urls import path

from userops.feedback.inbox import page

app_name = "inbox"
urlpatterns = [path("inbox", page.listing, name="list")]
