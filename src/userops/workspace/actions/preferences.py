"""What a person chooses for themselves: name, language, theme."""

from __future__ import annotations

from userops.errors import Refused
from userops.words import Words
from userops.workspace.models import User

CHOICES = {"language": ("", "zh-hans", "en"), "theme": ("", "auto", "light", "dark")}


def set_preferences(
    *,
    name: str | None = None,
    language: str | None = None,
    theme: str | None = None,
    acting_user: User,
) -> User:
    """Change what is given. Not logged: it concerns nobody else."""
    wanted = {"language": language, "theme": theme}
    for field, value in wanted.items():
        if value is not None and value not in CHOICES[field]:
            known = ", ".join(filter(None, CHOICES[field]))
            raise Refused(
                Words(f"{field} 应为以下之一：{known}。", f"{field} must be one of {known}."),
                code="preference_unknown",
            )
    chosen = {field: value for field, value in wanted.items() if value is not None}
    if name is not None:
        chosen["name"] = name.strip()[:100]
    for field, value in chosen.items():
        setattr(acting_user, field, value)
    acting_user.save(update_fields=list(chosen))
    return acting_user
