"""Pages of notices: a member's own, and the channels of a product."""

from __future__ import annotations

from django.urls import path

from userops.notices.channels import page as channels
from userops.notices.inbox import page as inbox

app_name = "notices"
urlpatterns = [
    path("notices", inbox.inbox, name="inbox"),
    path("notices/read", inbox.read, name="read"),
    path("notices/<int:notice>", inbox.open_notice, name="open"),
    path("p/<slug:product>/channels", channels.channels, name="channels"),
    path("p/<slug:product>/channels/<int:channel>", channels.change, name="change-channel"),
]
