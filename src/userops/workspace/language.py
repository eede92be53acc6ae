"""The language of who reads now."""

from __future__ import annotations

from django.utils.translation import get_language


def reader_language() -> str:
    """A code such as `zh-hans` or `en`; Chinese where nobody reads."""
    return get_language() or "zh-hans"
