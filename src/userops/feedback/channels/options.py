"""What a web form shows and asks."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from userops.errors import Refused
from userops.words import Words

Contact = Literal["optional", "required", "none"]
MOST_ORIGINS = 20
MOST_WORDS = 200
_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:\d{1,5})?")


class FormOptions(msgspec.Struct, frozen=True, omit_defaults=True):
    """Options of a form and its widget; everything has a default."""

    title_zh: str = ""
    title_en: str = ""
    intro_zh: str = ""
    intro_en: str = ""
    contact: Contact = "optional"
    categories: bool = True
    attachments: bool = True
    signature: bool = False
    """Only users whom the site has signed are tied to their profile."""
    origins: tuple[str, ...] = ()
    """Sites that may show the widget; all when there is none."""
    blocked: tuple[str, ...] = ()
    """Words that hold a message back."""

    def title(self, language: str) -> str:
        return self.title_zh if language.startswith("zh") else self.title_en

    def intro(self, language: str) -> str:
        return self.intro_zh if language.startswith("zh") else self.intro_en


def origins_of(text: str) -> tuple[str, ...]:
    """`https://shop.example.com, https://*.example.com` as a list. Raises `Refused`."""
    found = tuple(part.rstrip("/").lower() for part in re.split(r"[\s,，;；]+", text) if part)
    for each in found:
        if not _ORIGIN.fullmatch(each):
            raise Refused(
                Words(
                    f"网站来源应形如 https://shop.example.com，实际为 {each[:80]!r}。",
                    f"An origin reads like https://shop.example.com; got {each[:80]!r}.",
                ),
                code="origin_invalid",
                hint=Words(
                    "只写协议与域名（可带端口），不带路径；子域名可用 *。",
                    "Give scheme and host (a port too), without a path; * stands for subdomains.",
                ),
            )
    if len(found) > MOST_ORIGINS:
        raise Refused(
            Words(f"最多 {MOST_ORIGINS} 个来源。", f"At most {MOST_ORIGINS} origins."),
            code="too_many_origins",
            hint=Words(
                "请合并子域名，如 https://*.example.com。",
                "Join subdomains, as in https://*.example.com.",
            ),
        )
    return found


def words_of(text: str) -> tuple[str, ...]:
    """Blocked words, one a line or between commas, each once."""
    found = dict.fromkeys(part.strip().lower() for part in re.split(r"[\n,，;；]+", text))
    return tuple(each[:100] for each in found if each)[:MOST_WORDS]
