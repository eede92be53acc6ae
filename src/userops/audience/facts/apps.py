from __future__ import annotations

from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "userops.audience.facts"
    label = "facts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from userops.audience.facts.days import follow
        from userops.events.models import Erasure

        post_save.connect(follow, sender=Erasure, dispatch_uid="facts.days")
