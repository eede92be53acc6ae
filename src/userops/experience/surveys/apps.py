from __future__ import annotations

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "userops.experience.surveys"
    label = "surveys"
    default_auto_field = "django.db.models.BigAutoField"
