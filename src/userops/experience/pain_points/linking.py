"""What a pain point is linked with: tickets, topics, annotations (releases), reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.urls import reverse

from userops.annotations.models import Annotation
from userops.errors import NotFound, Refused
from userops.events.models import Product
from userops.evidence.linking import Thing, links_of
from userops.experience.pain_points.models import PainPoint
from userops.experience.pain_points.tickets import thing
from userops.feedback.tickets.models import Ticket
from userops.feedback.topics.models import Topic
from userops.words import Words

RELATIONS = {"ticket": "shown_by", "topic": "about", "annotation": "mended_by", "report": "told_in"}
KINDS = {
    "ticket": Words("工单", "Ticket"), "topic": Words("话题", "Topic"),
    "annotation": Words("标注（发布等）", "Annotation (release …)"),
    "report": Words("报告", "Report"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Linked:
    """A link as a page shows it; `href` is empty where the thing is gone."""

    kind: str
    key: str
    words: Words
    name: str
    href: str


def _ticket(product: Product, key: str) -> tuple[str, str]:
    row = Ticket.objects.filter(product=product, number=int(key)).first()
    return (str(row), reverse("tickets:one", args=[product.slug, row.number])) if row else ("", "")


def _topic(product: Product, key: str) -> tuple[str, str]:
    row = Topic.objects.filter(product=product, pk=int(key)).first()
    return (row.name, reverse("topics:one", args=[product.slug, row.pk])) if row else ("", "")


def _annotation(product: Product, key: str) -> tuple[str, str]:
    row = Annotation.objects.filter(product=product, pk=int(key)).first()
    if row is None:
        return "", ""
    return f"{row.first.isoformat()} {row.text}", reverse("annotations:list", args=[product.slug])


def _report(product: Product, key: str) -> tuple[str, str]:
    # reports stand above this slice, which knows them by their table alone
    rows = apps.get_model("reports", "Report").objects.filter(product=product, pk=int(key))
    row = rows.first()
    return (str(row), reverse("reports:one", args=[product.slug, row.pk])) if row else ("", "")


_FIND: dict[str, Callable[[Product, str], tuple[str, str]]] = {
    "ticket": _ticket, "topic": _topic, "annotation": _annotation, "report": _report,
}  # fmt: skip


def check_thing(product: Product, kind: str, key: str) -> Thing:
    """Raises `Refused` for a kind that is not linked, `NotFound` for a thing that is not there."""
    key = key.strip().lstrip("#")
    if kind not in RELATIONS:
        listed = ", ".join(RELATIONS)
        raise Refused(
            Words(f"不能关联 {kind[:40]!r}；可用：{listed}。",
                  f"{kind[:40]!r} cannot be linked; there are: {listed}."),
            code="link_kind_unknown",
        )  # fmt: skip
    if not key.isdecimal() or len(key) > 18 or not _FIND[kind](product, key)[0]:
        raise NotFound(
            Words(f"没有编号为 {key[:40]!r} 的{KINDS[kind].zh}。",
                  f"There is no {KINDS[kind].en.lower()} {key[:40]!r}."),
            code="link_target_not_found",
        )  # fmt: skip
    return Thing(kind, str(int(key)))


def linked(point: PainPoint) -> list[Linked]:
    found = []
    for _relation, other, _from in links_of(point.product, thing(point)):
        if other.kind in _FIND and other.key.isdecimal():
            name, href = _FIND[other.kind](point.product, other.key)
            found.append(
                Linked(other.kind, other.key, KINDS[other.kind], name or f"#{other.key}", href)
            )
    return found
