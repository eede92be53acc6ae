"""Background tasks of collecting: imports and daily quality reports."""

from __future__ import annotations


def resume() -> None:
    """Queue again what an unclean stop interrupted."""
