"""HTML made of elements: every text and every attribute is escaped where it is put in."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

VOID = frozenset({"meta", "br", "hr"})


@dataclass(frozen=True, slots=True)
class Html:
    """Markup that is whole."""

    text: str


def raw(text: str) -> Html:
    """Markup of our own; never what came from outside."""
    return Html(text)


def joined(*parts: Html | str) -> Html:
    return Html("".join(each.text if isinstance(each, Html) else escape(each) for each in parts))


def element(tag: str, *inner: Html | str, **attributes: str) -> Html:
    """`class_` and `aria_label` are written `class` and `aria-label`; empty ones are left out."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in attributes.items()
        if value
    )
    if tag in VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{joined(*inner).text}</{tag}>")
