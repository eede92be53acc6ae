"""A document's class and the present values as a tree of form controls.

Built from the annotations of the class, so that every field of every document has a control: known
types get a fitting one, anything else a field that takes JSON.
"""

from __future__ import annotations

import json
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from userops.analyses.registry import BY_KIND
from userops.analyses.selecting import selection_words
from userops.insights.builder import labels
from userops.insights.builder.form import Control, Form
from userops.insights.builder.layout import OPTIONS, SHOWN_WHEN, SKIPPED
from userops.insights.builder.parameters import Exact, Tree, pair_of, pruned
from userops.insights.builder.shapes import FILTERS, complete, to_document, to_form
from userops.query.dates import DateRange
from userops.query.document import Document
from userops.query.filters import OPERATOR, OPERATORS
from userops.query.steps import Breakdown
from userops.words import Words
from userops.workspace.language import reader_language


def form_of(document: type[Document], tree: dict[str, Tree]) -> Form:
    page = BY_KIND[document.model_fields["kind"].default].page
    controls = {
        control.path: control for control in fields_of(document, tree, "", set(SKIPPED)) if control
    }
    main = [controls.pop(name) for name in page.front if name in controls]
    form = Form(main, list(controls.values()))
    labels.in_words_of(page, form)
    return form


def fields_of(model: type[BaseModel], tree: Tree, path: str, skipped: set[str]) -> list[Control]:
    """The controls of a part of a document, and of a whole one where the path is empty."""
    values = tree if isinstance(tree, dict) else {}
    found = []
    for name, info in model.model_fields.items():
        key = info.alias or name
        shown = SHOWN_WHEN.get((model.__name__, key))
        if key not in skipped and (shown is None or shown(values)):
            place = f"{path}.{key}" if path else key
            made = control(info.annotation, info, values.get(key), place)
            offered = OPTIONS.get((model.__name__, key))
            if offered is not None:
                _offer(made, offered(to_document(values)), values.get(key))
            found.append(made)
    return (
        found
        if not path
        else sorted(found, key=lambda each: _RANKS.get(each.path.rsplit(".", 1)[-1], 3))
    )


_RANKS = {"event": 0, "measure": 1, "property": 2, "filters": 8, "name": 9}
"""The order of controls within a part: what is told first stands first."""


def control(annotation: Any, info: FieldInfo, value: Tree, path: str) -> Control:
    """The control for one field. `value` is None when the field is not given."""
    key = path.rsplit(".", 1)[-1]
    optional, inner = _without_none(_bare(annotation))
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    made = Control("json", path, labels.field_label(path), labels.field_help(path), value=value)
    special = _SPECIAL.get(key)
    if special is not None and not (key in _SHORT and _is_model(inner)):
        special(made, inner, value, default)
    else:
        _by_type(made, inner, value, default, optional)
        _bounds(made, info)
    made.used = _says_more(value, default)
    return made


def _says_more(value: Tree, default: Any) -> bool:
    """Whether a field says something else than its default."""
    if isinstance(value, dict | list):
        return bool(value) and pruned(value) != {}
    return value not in (None, "") and str(value).lower() != str(default).lower()


def _bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def _without_none(annotation: Any) -> tuple[bool, Any]:
    if get_origin(annotation) not in (Union, UnionType):
        return False, annotation
    members = [_bare(each) for each in get_args(annotation) if each is not NoneType]
    optional = len(members) < len(get_args(annotation))
    return optional, members[0] if len(members) == 1 else Union[tuple(members)]  # noqa: UP007


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _by_type(made: Control, inner: Any, value: Tree, default: Any, optional: bool) -> None:
    origin = get_origin(inner)
    if inner is bool:
        _switch(made, value, default)
    elif origin is Literal:
        _select(made, get_args(inner), value, default, optional)
    elif inner in (int, float, str) or origin in (Union, UnionType):
        _entry(made, inner, value, default)
    elif origin is tuple and _is_model(_bare(get_args(inner)[0])):
        _rows(made, _bare(get_args(inner)[0]), value, default)
    elif origin is tuple and get_origin(_bare(get_args(inner)[0])) is Literal:
        _checks(made, get_args(_bare(get_args(inner)[0])), value, default)
    elif origin is tuple:
        _entries(made, inner, value, default)
    elif _is_model(inner):
        _part(made, inner, value, default, optional)
    else:
        _json(made, value)


def _named(made: Control, value: Tree, path: str | None = None) -> tuple[str, str]:
    return pair_of("" if value is None else value, path or made.path)


def _switch(made: Control, value: Tree, default: Any) -> None:
    made.template = "switch"
    made.name = made.path
    made.text = str(default if value in (None, "") else value).lower()


def _select(made: Control, members: Any, value: Tree, default: Any, optional: bool) -> None:
    made.template = "select"
    made.name, made.text = made.path, str(value if value not in (None, "") else default or "")
    known = [(str(each), labels.option_label(made.path, str(each))) for each in members]
    if made.text and made.text not in dict(known):
        known.append((made.text, made.text))
    made.options = [("", labels.none_label(made.path)), *known] if optional else known


def _offer(made: Control, offered: list[tuple[str, Words]], value: Tree) -> None:
    """A select of what the neighbours make possible; the first where nothing fitting is chosen."""
    made.template, made.name = "offer", made.path
    made.options = [(name, words.text(reader_language())) for name, words in offered]
    names = [name for name, _ in offered]
    made.text = str(value) if value in names else (names[0] if names else "")


def _kept(made: Control, _inner: Any, value: Tree, _default: Any) -> None:
    """What another page filled in: carried along, not edited here."""
    made.template = "kept"
    made.name = made.path + "~"
    value = to_document(value) if isinstance(value, dict) else value
    made.text = "" if value in (None, "") else json.dumps(value, ensure_ascii=False)


def _chosen(made: Control, inner: Any, value: Tree, default: Any) -> None:
    """A number chosen on another page, in words."""
    _kept(made, inner, value, default)
    chosen = json.loads(made.text) if made.text else None
    made.value = selection_words(chosen) if isinstance(chosen, dict) else None


def _entry(made: Control, inner: Any, value: Tree, default: Any) -> None:
    """A number, a text, or either."""
    made.template = "number" if inner in (int, float) else "text"
    shown = value if value not in (None, "") else default
    made.name, made.text = _named(made, shown)
    if made.path.rsplit(".", 1)[-1] == "name":
        made.template = "naming"
    made.blank = labels.placeholder(made.path)


def _bounds(made: Control, info: FieldInfo) -> None:
    for rule in info.metadata:
        if isinstance(rule, Ge):
            made.low = rule.ge
        if isinstance(rule, Le):
            made.high = rule.le


def _entries(made: Control, inner: Any, value: Tree, default: Any) -> None:
    """Plain values in a list: one input each, and a blank one. Pairs are written as `[1, 7]`."""
    exact = "~" if get_origin(_bare(get_args(inner)[0])) is tuple else ""
    made.template = "entries"
    given = value if value is not None else list(default or ())
    given = given if isinstance(given, list) else [given]
    given = [each for each in given if each != "" or type(each) is not str]
    made.inputs = [_named(made, each, f"{made.path}.{i}") for i, each in enumerate(given)]
    made.inputs.append((f"{made.path}.{len(given)}{exact}", ""))


def _checks(made: Control, members: Any, value: Tree, default: Any) -> None:
    """Some of a few: a box for each. Those chosen keep their order, the others come after them."""
    made.template = "checks"
    given = [str(each) for each in (value if isinstance(value, list) else default or ()) if each]
    places = list(dict.fromkeys([*given, *map(str, members)]))
    made.value = [
        (
            f"{made.path}.{places.index(each)}",
            each,
            labels.option_label(made.path, each),
            each in given,
        )
        for each in (*map(str, members), *(each for each in given if each not in members))
    ]


def _names(made: Control, inner: Any, value: Tree, default: Any) -> None:
    """Names of events or properties, chosen by what they are called; of a list, and a blank one."""
    if get_origin(inner) is tuple:
        _entries(made, inner, value, default)
    else:
        made.inputs = [_named(made, value)]
    made.template = "names"
    made.blank = _NAMES[made.path.rsplit(".", 1)[-1]]


def _listed_events(made: Control, inner: Any, value: Tree, default: Any) -> None:
    """Steps that are names; those with conditions of their own are parts."""
    if _is_model(_bare(get_args(inner)[0])):
        _rows(made, _bare(get_args(inner)[0]), value, default)
    else:
        _names(made, inner, value, default)


def _rows(made: Control, model: type[BaseModel], value: Tree, default: Any) -> None:
    """Parts in a list, each with its own fields."""
    if value is None:
        value = [each.model_dump(mode="json", exclude_defaults=True) for each in default or ()]
    made.template = "breakdown" if issubclass(model, Breakdown) else "rows"
    made.blank = "pick" if made.template == "breakdown" else _first_field(model)
    for index, each in enumerate(value if isinstance(value, list) else []):
        path = f"{made.path}.{index}"
        row = Control("row", path, labels.row_label(made.path, index), value=each, position=index)
        if made.template == "rows":
            row.children = fields_of(model, _as_row(each, model), path, set())
        else:
            row.pick, row.text = _pick(each, path)
        made.children.append(row)


def _pick(row: Tree, path: str) -> tuple[str, str]:
    """The parameter of a chosen property, and its text."""
    return pair_of(str(row.get("pick") or "") if isinstance(row, dict) else "", f"{path}.pick")


def _as_row(value: Tree, model: type[BaseModel]) -> Tree:
    """A part that is written short, as `"cart"` for `{"event": "cart"}`."""
    return value if isinstance(value, dict) or value is None else {_first_field(model): value}


def _first_field(model: type[BaseModel]) -> str:
    return "event" if "event" in model.model_fields else next(iter(model.model_fields))


def _part(made: Control, model: type[BaseModel], value: Tree, default: Any, optional: bool) -> None:
    made.template = "part"
    if value is None and isinstance(default, BaseModel):
        value = to_form(default.model_dump(mode="json", by_alias=True, exclude_none=True))
    made.blank = _first_field(model) if optional else ""
    if value is not None or not optional:
        made.children = fields_of(model, _as_row(value, model), made.path, set())


def _json(made: Control, value: Tree) -> None:
    made.template = "text"
    made.name = made.path + "~"
    made.text = "" if value in (None, "") else json.dumps(value, ensure_ascii=False)


def _event(made: Control, _inner: Any, value: Tree, default: Any) -> None:
    made.template = "event"
    if value is None:
        value = default if default is not None else ""
    if isinstance(value, list | tuple):
        made.inputs = [pair_of(str(each), f"{made.path}.{at}") for at, each in enumerate(value)]
    else:
        made.inputs = [pair_of(str(value), made.path)]


def _property(made: Control, _inner: Any, value: Tree, _default: Any) -> None:
    made.template = "property"
    made.name, made.text = _named(made, value)


def _filters(made: Control, _inner: Any, value: Tree, _default: Any) -> None:
    made.template = "filters"
    made.children = [
        _filter(each, f"{made.path}.{index}")
        for index, each in enumerate(value if isinstance(value, list) else [])
    ]


def _filter(node: Tree, path: str) -> Control:
    node = node if isinstance(node, dict) else {}
    if "join" in node:
        made = Control("group", path, "", value=node, name=f"{path}.join", text=str(node["join"]))
        items = node.get("items")
        made.children = [
            _filter(each, f"{path}.items.{index}")
            for index, each in enumerate(items if isinstance(items, list) else [])
        ]
        return made
    return condition(node, path)


_COUNTS = {
    "none": (0, 0),
    "text": (1, 1),
    "texts": (1, 1_000),
    "number": (1, 1),
    "two_numbers": (2, 2),
}


def _given(value: Tree) -> bool:
    return value is not None and (value != "" or isinstance(value, Exact))


def _usual(node: dict[str, Any]) -> str:
    """The operator that a condition begins with: whoever is in a set has a value of it, whatever it is."""
    return "set" if str(node.get("pick", "")).startswith(_SETS) else "is"


_SETS = ("user:$segment/", "user:$list/")


def condition(node: dict[str, Any], path: str) -> Control:
    """A filter's row: property, operator, and as many values as the operator takes."""
    operator = OPERATOR.get(str(node.get("op") or _usual(node)), OPERATOR["is"])
    made = Control("condition", path, "", value=node)
    made.pick, made.text = _pick(node, path)
    made.name, made.blank = operator.name, operator.shape
    made.options = [(each.name, each.name) for each in OPERATORS]
    least, most = _COUNTS[operator.shape]
    value = node.get("value")
    listed = isinstance(value, list)
    given = [each for each in (value if isinstance(value, list) else [value]) if _given(each)]
    names = [
        f"{path}.value" if index == 0 and not listed and most != 2 else f"{path}.value.{index}"
        for index in range(len(given) + 2)
    ]
    exact = "~" if operator.shape in ("number", "two_numbers") else ""
    made.inputs = [pair_of(each, names[index]) for index, each in enumerate(given)][:most]
    wanted = min(most, len(made.inputs) + 1) if operator.shape == "texts" else least
    made.inputs += [(names[i] + exact, "") for i in range(len(made.inputs), wanted)]
    if made.text and not complete(to_document({"filters": [node]}).get("filters", [None])[0]):
        made.help = labels.unfinished_condition()
    return made


def _range(made: Control, _inner: Any, value: Tree, default: Any) -> None:
    if not isinstance(value, dict) or not any(value.values()):
        shown = default if isinstance(default, DateRange) else DateRange(last=30)
        whole = {"range": shown.model_dump(mode="json", by_alias=True, exclude_defaults=True)}
        value = to_form(whole)["range"]
    made.template = "range"
    made.text = str(value.get("when") or "custom")
    made.value = value


_SHORT = frozenset({"event", "purchase"})
"""Fields that are a name here and a part there."""
_LISTS = ("steps", "events")
_NAMES = {
    **dict.fromkeys((*_LISTS, "failures", "signals", "purchase"), "event"),
    **dict.fromkeys(("hold_constant", "word", "results"), "property"),
}
_SPECIAL = {
    "event": _event,
    "property": _property,
    **dict.fromkeys(FILTERS, _filters),
    "range": _range,
    "question": _kept,
    "selection": _chosen,
    "other": _chosen,
    **dict.fromkeys(_NAMES, _names),
    **dict.fromkeys(_LISTS, _listed_events),
}
