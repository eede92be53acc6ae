from __future__ import annotations

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "userops.workspace"
    label = "workspace"
    default_auto_field = "django.db.models.BigAutoField"
