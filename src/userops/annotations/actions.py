"""Writes: annotations. Each checks the permission, validates, and leaves a log row."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.db import transaction

from userops.annotations.models import Annotation, Kind
from userops.annotations.moments import Moment, read_moment
from userops.errors import Refused
from userops.events.models import Product
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

LONGEST_TEXT = 500
LONGEST_LINK = 1000
MOST = 5_000
"""Annotations of one product."""


@transaction.atomic
def create_annotation(
    product: Product,
    *,
    kind: str,
    text: str,
    begins: str,
    ends: str = "",
    link: str = "",
    acting_user: User,
) -> Annotation:
    """Write down what happened. `begins` and `ends` as in `read_moment`. Raises `Refused`."""
    check(acting_user, product, Permission.ANALYSE)
    if Annotation.objects.filter(product=product).count() >= MOST:
        raise Refused(
            Words(
                f"每个产品最多 {MOST:,} 条标注。", f"A product has at most {MOST:,} annotations."
            ),
            code="too_many_annotations",
        )
    made = Annotation(product=product, owner=acting_user)
    _set(made, {"kind": kind, "text": text, "begins": begins, "ends": ends, "link": link})
    made.save()
    _noted(acting_user, "annotation.created", made)
    return made


@transaction.atomic
def change_annotation(
    annotation: Annotation,
    *,
    acting_user: User,
    kind: str | None = None,
    text: str | None = None,
    begins: str | None = None,
    ends: str | None = None,
    link: str | None = None,
) -> Annotation:
    """Change what is given; an empty `ends` makes it one moment again. Raises `Refused`."""
    check(acting_user, annotation.product, Permission.ANALYSE)
    wanted = {"kind": kind, "text": text, "begins": begins, "ends": ends, "link": link}
    _set(annotation, {name: value for name, value in wanted.items() if value is not None})
    annotation.save()
    _noted(acting_user, "annotation.changed", annotation)
    return annotation


@transaction.atomic
def delete_annotation(annotation: Annotation, *, acting_user: User) -> None:
    check(acting_user, annotation.product, Permission.ANALYSE)
    _noted(acting_user, "annotation.deleted", annotation)
    annotation.delete()


def _set(annotation: Annotation, wanted: dict[str, str]) -> None:
    zone = ZoneInfo(annotation.product.timezone)
    if "kind" in wanted:
        annotation.kind = _kind(wanted["kind"])
    if "text" in wanted:
        annotation.text = _text(wanted["text"])
    if "link" in wanted:
        annotation.link = _link(wanted["link"])
    if "begins" in wanted:
        begins = read_moment(wanted["begins"], zone)
        annotation.first, annotation.first_time = begins.day, begins.time
    if "ends" in wanted:
        ends = read_moment(wanted["ends"], zone) if wanted["ends"].strip() else None
        annotation.last = ends.day if ends else None
        annotation.last_time = ends.time if ends else None
    _check_order(annotation.begins, annotation.ends)


def _check_order(begins: Moment, ends: Moment | None) -> None:
    if ends is not None and ends.latest < begins.earliest:
        raise Refused(
            Words(
                f"结束（{ends.text()}）不应早于开始（{begins.text()}）。",
                f"The end ({ends.text()}) must not be before the begin ({begins.text()}).",
            ),
            code="span_order",
        )


def _kind(kind: str) -> str:
    if kind not in Kind.values:
        known = ", ".join(Kind.values)
        raise Refused(
            Words(
                f"类型应为以下之一：{known}；实际为 {kind[:40]!r}。",
                f"The kind must be one of {known}; got {kind[:40]!r}.",
            ),
            code="annotation_kind_unknown",
        )
    return kind


def _text(text: str) -> str:
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_TEXT or "\x00" in text:
        raise Refused(
            Words(
                f"说明应为 1 到 {LONGEST_TEXT} 个字符。",
                f"The text has 1 to {LONGEST_TEXT} characters.",
            ),
            code="annotation_text_invalid",
        )
    return text


def _link(link: str) -> str:
    """Only web addresses: a link is clicked by others."""
    link = link.strip()
    if not link:
        return ""
    try:
        parts = urlsplit(link)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and link.isprintable()
    except ValueError:
        good = False
    if not good or len(link) > LONGEST_LINK:
        raise Refused(
            Words(
                "链接应为 http:// 或 https:// 开头的网址。",
                "The link must be an address that begins with http:// or https://.",
            ),
            code="annotation_link_invalid",
        )
    return link


def _noted(user: User, action: str, annotation: Annotation) -> None:
    details: dict[str, Any] = {"kind": annotation.kind, "begins": annotation.begins.key()}
    if annotation.ends:
        details["ends"] = annotation.ends.key()
    note(user, action, product=annotation.product, target=annotation.text, **details)
