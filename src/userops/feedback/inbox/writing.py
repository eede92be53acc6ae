"""Text of pages written without the template engine, where it would cost more than all else."""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString


def written(pattern: str, *values: object, **named: object) -> SafeString:
    """`format_html` for what stands in hundreds of places: all that is not marked as safe is escaped."""
    return SafeString(
        pattern.format(*map(_safe, values), **{name: _safe(each) for name, each in named.items()})
    )


def _safe(value: object) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))
