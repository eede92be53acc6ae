"""A segment document as a form, and back: a tree of groups and conditions.

| document | form |
|---|---|
| `{"and": […]}`, `{"or": […]}`, `{"not": …}` | `{"join": "and" \\| "or" \\| "not", "items": […]}` |
| `{"who": "user", "property": "level"}` | `{"who": "user", "pick": "user:level"}` |
| ranges and filters of a condition | as in the builder of analyses |
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from userops.audience.segments.models import Segment
from userops.events.models import Fact, Product
from userops.insights.builder.controls import condition, fields_of
from userops.insights.builder.form import Control
from userops.insights.builder.parameters import Tree
from userops.insights.builder.shapes import to_document as filled
from userops.insights.builder.shapes import to_form as formed
from userops.segments.document import LEAVES

JOINS = ("and", "or", "not")
KINDS: dict[str, str | Promise] = {
    "did": gettext_lazy("Did an event"),
    "sequence": gettext_lazy("Did events in order"),
    "first": gettext_lazy("First time of an event"),
    "last": gettext_lazy("Last time of an event"),
    "user": gettext_lazy("Property, tag or fact"),
    "segment": gettext_lazy("Is in a segment"),
    "list": gettext_lazy("Is in an uploaded list"),
    "behind": gettext_lazy("Is behind a number"),
}
_LABELS: dict[str, str | Promise] = {
    "measure": gettext_lazy("Counted by"),
    "op": gettext_lazy("Compared"),
    "value": pgettext_lazy("segment", "Value"),
    "high": gettext_lazy("and at most"),
    "window": gettext_lazy("All steps within"),
    "range": gettext_lazy("When"),
    "filters": gettext_lazy("Conditions"),
    "steps": gettext_lazy("In this order"),
}
_OPTIONS: dict[str, dict[str, str | Promise]] = {
    "measure": {
        "times": gettext_lazy("times"),
        "days": gettext_lazy("days"),
        "sum": gettext_lazy("sum of a property"),
        "average": gettext_lazy("average of a property"),
    },
    "op": {
        "gte": gettext_lazy("at least"),
        "lte": gettext_lazy("at most"),
        "eq": gettext_lazy("exactly"),
        "between": pgettext_lazy("segment", "between"),
        "none": gettext_lazy("never"),
    },
}


class Part(Control):
    """A group or a condition, drawn by a template of this folder."""

    @property
    def file(self) -> str:
        return f"audience/segments/fields/{self.template}.html"


def tree_of(where: Tree) -> dict[str, Tree]:
    """A document's tree as the form's; a single condition stands in a group."""
    node = _to_form(where)
    return {"where": node if "join" in node else {"join": "and", "items": [node]}}


def _to_form(node: dict[str, Any]) -> dict[str, Any]:
    for join in JOINS:
        if join in node:
            inner = node[join]
            if join == "not":
                # “none of” holds several
                inner = inner["or"] if isinstance(inner, dict) and set(inner) == {"or"} else [inner]
            return {"join": join, "items": [_to_form(each) for each in inner]}
    if node.get("who") == "behind":
        return node
    if node.get("who") == "user":
        rest = {key: each for key, each in node.items() if key not in ("property", "of")}
        return {**rest, "pick": f"user:{node['property']}"}
    found: dict[str, Any] = formed(node)
    return found


def document_of(tree: dict[str, Tree]) -> dict[str, Any]:
    """The document of a form; conditions that are not filled in are left out."""
    where = tree.get("where")
    node = _to_document(where) if isinstance(where, dict) else None
    return {"where": node or {"and": []}}


def _to_document(node: Tree) -> dict[str, Any] | None:
    if not isinstance(node, dict):
        return None
    join = node.get("join")
    if join not in JOINS:
        return _leaf(node)
    given = node.get("items")
    items = [each for each in map(_to_document, given if isinstance(given, list) else []) if each]
    if not items:
        return None
    if join == "not":
        return {"not": items[0] if len(items) == 1 else {"or": items}}
    return {join: items}


def who_of(node: dict[str, Any]) -> str:
    who = str(node.get("who") or ("user" if "pick" in node else "did"))
    return who if who in LEAVES else "did"


def _leaf(node: dict[str, Any]) -> dict[str, Any] | None:
    """None for one that is not filled in."""
    who = who_of(node)
    if who == "behind":
        return {key: node[key] for key in ("who", "question", "selection") if key in node}
    if who == "user":
        (found,) = filled({"filters": [node_without_who(node)]}).get("filters") or [None]
        return None if found is None else {**found, "who": "user", "of": "user"}
    names = [info.alias or name for name, info in LEAVES[who].model_fields.items()]
    kept = {name: node[name] for name in names if name in node and name != "who"}
    if who == "did":
        kept = _fitting(kept)
    found = filled(kept)
    return {**found, "who": who} if _complete(who, found) else None


def node_without_who(node: dict[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in node.items() if key in ("pick", "op", "value")}


def _fitting(node: dict[str, Any]) -> dict[str, Any]:
    """Without what a changed neighbour made meaningless."""
    unwanted = set()
    if node.get("op") == "none":
        unwanted |= {"measure", "value", "high", "property"}
    if node.get("op") != "between":
        unwanted.add("high")
    if node.get("measure") not in ("sum", "average"):
        unwanted.add("property")
    return {key: each for key, each in node.items() if key not in unwanted}


def _complete(who: str, found: dict[str, Any]) -> bool:
    if who == "sequence":
        return len(found.get("steps") or []) >= 2
    if who in ("segment", "list"):
        return bool(found.get(who))
    if not found.get("event"):
        return False
    if who == "did":
        summed = found.get("measure") in ("sum", "average")
        ends = found.get("op") != "between" or {"value", "high"} <= set(found)
        return ends and (not summed or bool(found.get("property")))
    return bool(found.get("range"))


@dataclass(frozen=True)
class Offers:
    """What conditions of a product may refer to; `own`: the segment that is being edited."""

    product: Product
    own: int | None = None

    def segments(self) -> list[tuple[str, str]]:
        rows = Segment.objects.filter(product=self.product)
        found = rows if self.own is None else rows.exclude(pk=self.own)
        return [(str(pk), name) for pk, name in found.values_list("pk", "name")]

    def lists(self) -> list[tuple[str, str]]:
        rows = Fact.objects.filter(product=self.product, kind="list").order_by("-computed")
        return [
            (name.removeprefix("$list/"), label)
            for name, label in rows.values_list("name", "label_zh")
        ]


def form_of(tree: dict[str, Tree], offers: Offers) -> Control:
    """The controls of a segment."""
    where = tree.get("where")
    return _group(where if isinstance(where, dict) else {"join": "and"}, "where", offers)


def _group(node: dict[str, Any], path: str, offers: Offers) -> Control:
    made = Part("group", path, "", name=f"{path}.join", text=str(node.get("join") or "and"))
    items = node.get("items")
    for at, each in enumerate(items if isinstance(items, list) else []):
        place = f"{path}.items.{at}"
        each = each if isinstance(each, dict) else {}
        draw = _group if "join" in each else _condition
        made.children.append(draw(each, place, offers))
    return made


def _condition(node: dict[str, Any], path: str, offers: Offers) -> Control:
    who = who_of(node)
    made = Part("condition", path, "", name=f"{path}.who", text=who)
    offered = [key for key in KINDS if key != "behind" or who == "behind"]
    made.options = [(key, str(KINDS[key])) for key in offered]
    made.children = _DRAWN.get(who, _by_fields)(node, path, offers)
    if _leaf(node) is None:
        made.help = _("Not applied yet: something is missing.")
    return made


def _by_fields(node: dict[str, Any], path: str, _offers: Offers) -> list[Control]:
    who = who_of(node)
    if who == "sequence" and not node.get("steps"):
        # it has two at least: both are there to be filled in
        node = {**node, "steps": [{"event": ""}, {"event": ""}]}
    shown = fields_of(LEAVES[who], node, path, {"who", "name"})
    wanted = set(_fitting({**dict.fromkeys(_DEPENDENT, ""), **node})) if who == "did" else None
    found = []
    for control in shown:
        key = control.path.rsplit(".", 1)[-1]
        if wanted is None or key not in _DEPENDENT or key in wanted:
            found.append(_worded(control, key))
    return found


_DEPENDENT = ("measure", "value", "high", "property")


def _worded(control: Control, key: str) -> Control:
    if key in _LABELS:
        control.label = str(_LABELS[key])
    if key in _OPTIONS:
        control.options = [(name, str(words)) for name, words in _OPTIONS[key].items()]
    if key in ("value", "high"):
        control.template, control.low = "number", ""
        control.text = control.text.removesuffix(".0")
    if key == "value" and not control.text:
        control.text = "1"
    control.help = "" if key == "window" else control.help
    for row in control.children if key == "steps" else ():
        # steps have no names of their own here
        row.children = [each for each in row.children if each.template != "naming"]
    return control


def _of_user(node: dict[str, Any], path: str, _offers: Offers) -> list[Control]:
    inner = condition(node, path)
    made = Part("user", path, "")
    for name in ("pick", "text", "name", "blank", "options", "inputs"):
        setattr(made, name, getattr(inner, name))
    return [made]


def _chosen(key: str, label: Callable[[], str]) -> Callable[..., list[Control]]:
    def draw(node: dict[str, Any], path: str, offers: Offers) -> list[Control]:
        made = Control("select", f"{path}.{key}", label(), name=f"{path}.{key}")
        made.text = str(node.get(key) or "")
        options = offers.segments() if key == "segment" else offers.lists()
        made.options = [("", _("Choose…")), *options]
        return [made]

    return draw


def _behind(node: dict[str, Any], path: str, _offers: Offers) -> list[Control]:
    made = Part("behind", path, "", value=node)
    made.inputs = [
        (f"{path}.{key}~", json.dumps(node.get(key) or {}, ensure_ascii=False))
        for key in ("question", "selection")
    ]
    return [made]


_DRAWN = {
    "user": _of_user,
    "segment": _chosen("segment", lambda: _("Segment")),
    "list": _chosen("list", lambda: _("List")),
    "behind": _behind,
}
