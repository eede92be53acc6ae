"""Public addresses: whoever has one may answer."""

from __future__ import annotations

from django.urls import path

from userops.experience.surveys.public import door, page

app_name = "survey_public"
urlpatterns = [
    path("s/in-app.js", door.script, name="script"),
    path("s/ask", door.which, name="ask"),
    path("s/<str:key>", page.open_page, name="open"),
    path("s/<str:key>/r/<uuid:response>", page.going_on, name="going_on"),
    path("s/<str:key>/dismiss", page.dismiss, name="dismiss"),
    path("s/<str:key>/stop", page.stop, name="stop"),
]
