"""The history of a requirement in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from userops.feedback.requirements.models import STATUS_WORDS, Happening, Requirement
from userops.words import Words

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


def _created(_data: dict[str, Any]) -> Words:
    return Words("创建", "Created")


def _changed(data: dict[str, Any]) -> Words:
    fields = [FIELD_WORDS[name] for name in data.get("fields", []) if name in FIELD_WORDS]
    zh, en = "、".join(each.zh for each in fields), ", ".join(each.en for each in fields)
    return Words(f"修改了{zh}", f"Changed: {en}")


def _status(data: dict[str, Any]) -> Words:
    before, after = STATUS_WORDS[data["from"]], STATUS_WORDS[data["to"]]
    version = data.get("version") or ""
    return Words(
        f"状态：{before.zh} → {after.zh}{f'（版本 {version}）' if version else ''}",
        f"Status: {before.en} → {after.en}{f' (version {version})' if version else ''}",
    )


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
    "created": _created, "changed": _changed, "status": _status, "linked": _linked,
    "unlinked": _unlinked, "told": _told,
}  # fmt: skip
