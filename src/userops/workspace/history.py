"""What slices keep of what was done to a thing of theirs, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from userops.words import Words
from userops.workspace.models import User

CREATED = Words("创建", "Created")


class Kept(models.Model):
    """One thing that was done: added to, never changed. A slice adds whose it is and its kinds."""

    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    """Nobody: a rule, or the desk itself."""
    at = models.DateTimeField(auto_now_add=True)
    data = models.JSONField(default=dict)

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]


def changed_fields(before: Any, after: Any) -> list[str]:
    """The fields in which two records of one dataclass differ."""
    return [
        name
        for name in before.__dataclass_fields__
        if getattr(before, name) != getattr(after, name)
    ]


def changed_words(data: Mapping[str, Any], words: Mapping[str, Words]) -> Words:
    fields = [words[name] for name in data.get("fields", []) if name in words]
    zh, en = "、".join(each.zh for each in fields), ", ".join(each.en for each in fields)
    return Words(f"修改了{zh}", f"Changed: {en}")


def status_words(data: Mapping[str, Any], words: Mapping[str, Words], beside: Words) -> Words:
    """`beside`: what is told of it, empty for nothing."""
    before, after = words[data["from"]], words[data["to"]]
    return Words(
        f"状态：{before.zh} → {after.zh}{beside.zh}", f"Status: {before.en} → {after.en}{beside.en}"
    )
