from __future__ import annotations

from django.apps import AppConfig


class PersonasConfig(AppConfig):
    name = "userops.audience.personas"
    label = "personas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from userops.audience.personas.using import sets_of
        from userops.audience.segments.using import USES

        USES.append(sets_of)
