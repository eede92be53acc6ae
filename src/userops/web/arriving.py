"""When a request came in, before it waited for a thread: whoever asks is owed what was known then, and no more.

So of many who ask the same at once, those who are heard last are given the answer that the first ones got
(`analyses/remembering.py`).
"""

from __future__ import annotations

from typing import Any

from waitress.task import WSGITask

from userops.analyses.remembering import ARRIVED


class Task(WSGITask):
    """Tells the application when the request had come in (`body_size.Parser`)."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[ARRIVED] = getattr(self.request, "arrived", None)
        return environ
