from __future__ import annotations

from django.apps import AppConfig


class SortingConfig(AppConfig):
    name = "userops.feedback.sorting"
    label = "sorting"
    default_auto_field = "django.db.models.BigAutoField"
