"""The names under which segments and uploaded lists are facts."""

from __future__ import annotations


def segment_key(segment: int) -> str:
    return f"$segment/{segment}"


def is_segment(property_: str) -> bool:
    return property_.startswith("$segment/")


def list_key(name: str) -> str:
    return f"$list/{name}"
