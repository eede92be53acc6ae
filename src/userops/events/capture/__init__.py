"""The doors in: pure parsers of the wire formats that SDKs speak. No Django here.

request → find_door(path).parse(request) → Parsed → (the store) → door.answer(…) → Answer
"""

from __future__ import annotations

from userops.events.capture import native, posthog, segment, sensors
from userops.events.capture.door import Answer, CaptureRequest, Door, Outcome, Parsed, Problem

DOORS: tuple[Door, ...] = (native.DOOR, posthog.DOOR, segment.DOOR, sensors.DOOR)
BY_NAME: dict[str, Door] = {door.name: door for door in DOORS}
BY_PATH: dict[str, Door] = {path: door for door in DOORS for path in door.paths}

__all__ = [
    "BY_NAME",
    "BY_PATH",
    "DOORS",
    "Answer",
    "CaptureRequest",
    "Door",
    "Outcome",
    "Parsed",
    "Problem",
    "find_door",
]


def find_door(path: str) -> Door | None:
    """The door of an address, with or without a final slash; None when it is not a door's."""
    path = path.rstrip("/")
    if path.startswith("/array/"):
        return posthog.DOOR
    if path.startswith("/v1/projects/"):
        return segment.DOOR
    return BY_PATH.get(path)
