from __future__ import annotations

from django.apps import AppConfig


class PainPointsConfig(AppConfig):
    name = "userops.experience.pain_points"
    label = "pain_points"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from userops.audience.segments.using import USES
        from userops.experience.pain_points.using import pain_points_of

        USES.append(pain_points_of)
