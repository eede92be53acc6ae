from __future__ import annotations

import contextlib
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from userops.web.translations import PACKAGE, compile_catalogs


class WebConfig(AppConfig):
    name = "userops.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # a checkout whose compiled catalogues were cleaned away or are older than their sources;
        # an installed package is complete and may be read-only
        with contextlib.suppress(OSError):
            compile_catalogs()
        register(assets_are_there)


def assets_are_there(**_given: Any) -> list[CheckMessage]:
    """The build hook fills the vendor folder; uv does not run it again after `git clean`."""
    if (PACKAGE / "web" / "static" / "vendor" / "stamp").exists():
        return []
    return [
        Error(
            "The browser assets are missing from web/static/vendor.",
            hint="Run: uv sync --reinstall-package userops",
            id="userops.E001",
        )
    ]
