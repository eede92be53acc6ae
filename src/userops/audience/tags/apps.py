from __future__ import annotations

from django.apps import AppConfig


class TagsConfig(AppConfig):
    name = "userops.audience.tags"
    label = "tags"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from userops.audience.segments.using import USES
        from userops.audience.tags.using import tags_of

        USES.append(tags_of)
