from __future__ import annotations

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "userops.experience.surveys"
    label = "surveys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from userops.events.models import Erasure
        from userops.experience.surveys.forgetting import follow

        post_save.connect(follow, sender=Erasure, dispatch_uid="surveys.forgetting")
