"""Addresses under /p/<product>/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from userops.collect.catalogue import page as catalogue
from userops.collect.live import page as live
from userops.collect.quarantine import page as quarantine
from userops.collect.sources import page as sources

app_name = "collect"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sources", sources.sources, name="sources"),
    path("sources/keys", sources.create_key, name="create-key"),
    path("sources/keys/<int:key>/revoke", sources.revoke_key, name="revoke-key"),
    path("live", live.live, name="live"),
    path("catalogue", catalogue.catalogue, name="catalogue"),
    path("catalogue/events/<int:entry>", catalogue.event, name="catalogue-event"),
    path("catalogue/properties/<int:entry>", catalogue.property_, name="catalogue-property"),
    path("quarantine", quarantine.quarantine, name="quarantine"),
    path("quarantine/export", quarantine.export, name="quarantine-export"),
    path("quarantine/replay", quarantine.replay, name="quarantine-replay"),
    path("quarantine/discard", quarantine.discard, name="quarantine-discard"),
]
