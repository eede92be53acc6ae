"""Addresses under /p/<product>/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from userops.collect.catalogue import page as catalogue
from userops.collect.imports import page as imports
from userops.collect.live import page as live
from userops.collect.quality import page as quality
from userops.collect.quarantine import page as quarantine
from userops.collect.sources import page as sources

app_name = "collect"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sources", sources.sources, name="sources"),
    path("sources/keys", sources.create_key, name="create-key"),
    path("sources/keys/<int:key>/revoke", sources.revoke_key, name="revoke-key"),
    path("live", live.live, name="live"),
    path("imports", imports.imports, name="imports"),
    path("imports/upload", imports.upload, name="import-upload"),
    path("imports/new/<str:key>", imports.new, name="import-new"),
    path("imports/new/<str:key>/check", imports.check, name="import-check"),
    path("imports/new/<str:key>/checked", imports.checked, name="import-checked"),
    path("imports/new/<str:key>/start", imports.start, name="import-start"),
    path("imports/<int:run>", imports.one, name="import"),
    path("imports/<int:run>/cancel", imports.cancel, name="import-cancel"),
    path("imports/<int:run>/resume", imports.resume, name="import-resume"),
    path("imports/<int:run>/remove", imports.remove, name="import-remove"),
    path("quality", quality.quality, name="quality"),
    path("quality/<int:report>", quality.one, name="quality-report"),
    path("catalogue", catalogue.catalogue, name="catalogue"),
    path("catalogue/events/<int:entry>", catalogue.event, name="catalogue-event"),
    path("catalogue/properties/<int:entry>", catalogue.property_, name="catalogue-property"),
    path("quarantine", quarantine.quarantine, name="quarantine"),
    path("quarantine/export", quarantine.export, name="quarantine-export"),
    path("quarantine/replay", quarantine.replay, name="quarantine-replay"),
    path("quarantine/discard", quarantine.discard, name="quarantine-discard"),
]
