"""Addresses under /p/<product>/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from userops.feedback.channels.importing import page as importing
from userops.feedback.channels.mail.aside import page as aside
from userops.feedback.channels.manage import entering, mailbox, page
from userops.feedback.channels.robots.setup import page as robots

app_name = "feedback_channels"
urlpatterns: list[URLPattern | URLResolver] = [
    path("channels", page.channels, name="list"),
    path("channels/new", page.new, name="new"),
    path("channels/<int:channel>", page.one, name="one"),
    path("channels/<int:channel>/edit", page.edit, name="edit"),
    path("channels/<int:channel>/change", page.change, name="change"),
    path("channels/new-mailbox", mailbox.new, name="new-mailbox"),
    path("channels/<int:channel>/mailbox", mailbox.edit, name="edit-mailbox"),
    path("channels/<int:channel>/attempt", mailbox.attempt, name="attempt"),
    path("channels/new-robot/<str:kind>", robots.new, name="new-robot"),
    path("channels/<int:channel>/robot", robots.edit, name="edit-robot"),
    path("channels/<int:channel>/robot/attempt", robots.attempt, name="attempt-robot"),
    path("channels/aside", aside.mails, name="aside"),
    path("channels/aside/<int:mail>", aside.one, name="aside-one"),
    path("channels/aside/<int:mail>/decide", aside.decide, name="aside-decide"),
    path("new", entering.enter, name="enter"),
    path("imports", importing.imports, name="imports"),
    path("imports/upload", importing.upload, name="import-upload"),
    path("imports/new/<str:key>", importing.new, name="import-new"),
    path("imports/<int:run>", importing.one, name="import"),
    path("imports/<int:run>/cancel", importing.cancel, name="import-cancel"),
    path("imports/<int:run>/undo", importing.undo, name="import-undo"),
    path("imports/<int:run>/refused", importing.refused, name="import-refused"),
]
