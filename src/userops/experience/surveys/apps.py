from __future__ import annotations

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "userops.experience.surveys"
    label = "surveys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from userops.audience.segments.using import USES
        from userops.experience.surveys.using import surveys_of

        USES.append(surveys_of)
