"""All addresses: each slice brings its own list."""

from __future__ import annotations

from django.urls import include, path

from userops.api.app import api
from userops.api.clickhouse.view import clickhouse_urls
from userops.collect.capture_view import capture_urls
from userops.web.patterns.page import patterns
from userops.web.preferences import preferences

handler400 = "userops.web.errors.bad_request"
handler403 = "userops.web.errors.permission_denied"
handler404 = "userops.web.errors.page_not_found"
handler500 = "userops.web.errors.server_error"

urlpatterns = [
    *capture_urls,
    *clickhouse_urls,
    path("api/", api.urls),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("preferences", preferences, name="preferences"),
    path("patterns", patterns, name="patterns"),
    path("", include("userops.experience.surveys.public.urls")),
    path("", include("userops.workspace.urls")),
    path("", include("userops.feedback.channels.public_urls")),
    path("", include("userops.notices.urls")),
    path("p/<slug:product>/", include("userops.insights.urls")),
    path("p/<slug:product>/", include("userops.annotations.urls")),
    path("p/<slug:product>/", include("userops.calendars.urls")),
    path("p/<slug:product>/", include("userops.alerts.urls")),
    path("p/<slug:product>/", include("userops.reports.urls")),
    path("p/<slug:product>/", include("userops.reports.schedules.urls")),
    path("p/<slug:product>/", include("userops.collect.urls")),
    path("p/<slug:product>/", include("userops.audience.urls")),
    path("p/<slug:product>/", include("userops.experience.surveys.pages.urls")),
    path("p/<slug:product>/", include("userops.experience.pain_points.pages.urls")),
    path("p/<slug:product>/feedback/", include("userops.feedback.urls")),
]
