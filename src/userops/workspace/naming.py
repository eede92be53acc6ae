"""Names that members give to things."""

from __future__ import annotations

from userops.errors import Refused
from userops.words import Words


def name_of(name: str, longest: int) -> str:
    """The name with single spaces. Raises `Refused` for one that is empty, too long, or holds a null."""
    name = " ".join(name.split())
    if not name or len(name) > longest or "\x00" in name:
        raise Refused(
            Words(
                f"名称应为 1 到 {longest} 个字符，实际为 {len(name)} 个。",
                f"A name has 1 to {longest} characters; got {len(name)}.",
            ),
            code="name_invalid",
            hint=Words("请填写或缩短名称。", "Give a name, or shorten it."),
        )
    return name
