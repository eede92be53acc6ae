"""The history of a requirement in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from userops.feedback.requirements.models import STATUS_WORDS, Happening, Requirement
from userops.words import Words
from userops.workspace.history import CREATED, changed_words, status_words

FIELD_WORDS = {
    "title": Words("标题", "title"), "title_en": Words("英文标题", "English title"),
    "description": Words("说明", "description"), "reference": Words("外部编号", "reference"),
    "address": Words("外部链接", "link"), "owner": Words("负责人", "owner"),
}  # fmt: skip
SHOWN = 10


def narrated(requirement: Requirement) -> list[tuple[Happening, Words]]:
    """The newest first."""
    return [
        (each, _NARRATE[each.kind](each.data)) for each in requirement.history.select_related("by")
    ]


def _status(data: dict[str, Any]) -> Words:
    version = data.get("version")
    beside = Words(f"（版本 {version}）", f" (version {version})") if version else Words("", "")
    return status_words(data, STATUS_WORDS, beside)


def _numbers(data: dict[str, Any]) -> str:
    numbers = data.get("tickets", [])
    more = " …" if len(numbers) > SHOWN else ""
    return ", ".join(f"#{each}" for each in numbers[:SHOWN]) + more


def _linked(data: dict[str, Any]) -> Words:
    count = len(data.get("tickets", []))
    return Words(
        f"关联 {count} 张工单：{_numbers(data)}", f"Linked {count} tickets: {_numbers(data)}"
    )


def _unlinked(data: dict[str, Any]) -> Words:
    return Words(f"取消关联工单 {_numbers(data)}", f"Link to ticket {_numbers(data)} taken away")


def _told(data: dict[str, Any]) -> Words:
    return Words(f"已告知 {data['users']} 位用户", f"{data['users']} users told")


_NARRATE: dict[str, Callable[[dict[str, Any]], Words]] = {
    "created": lambda _: CREATED,
    "changed": lambda data: changed_words(data, FIELD_WORDS),
    "status": _status,
    "linked": _linked,
    "unlinked": _unlinked,
    "told": _told,
}
