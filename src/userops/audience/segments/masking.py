"""Ids of users as those see them who may not see single users."""

from __future__ import annotations


def masked(text: str) -> str:
    """`13800138000` → `13*******00`: nothing but its ends and its length."""
    if len(text) <= 4:
        return "*" * len(text)
    return text[:2] + "*" * (len(text) - 4) + text[-2:]
