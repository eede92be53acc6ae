"""A question as it stands in an address: the form's tree, and the document once it is complete."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse

from userops.analyses.analysis import Analysis
from userops.analyses.answering import parse
from userops.errors import DocumentError
from userops.events.models import Product
from userops.insights.builder import labels
from userops.insights.builder.controls import form_of
from userops.insights.builder.edits import edited
from userops.insights.builder.form import Form
from userops.insights.builder.layout import tidied
from userops.insights.builder.parameters import Exact, Tree, pairs_of, pruned, tree_of
from userops.insights.builder.shapes import to_document, to_form
from userops.query.document import Document
from userops.words import Words

OF_THE_PAGE = frozenset(
    {"edit", "full", "saved", "query_id", "who", "page", "format", "q", "kind", "until"}
)
"""Parameters that are not part of the document."""

UNFINISHED = frozenset({"missing", "too_short", "string_too_short"})
"""Kinds of problems that say “not filled in yet” rather than “wrong”."""


@dataclass(frozen=True)
class Question:
    """`document` is None while the question is unfinished or wrong; `error` says which."""

    analysis: Analysis
    product: str
    tree: dict[str, Tree]
    document: Document | None
    error: DocumentError | None

    @property
    def until(self) -> datetime | None:
        """Where its data ended, where it is asked as of then."""
        return self.document.until if self.document else _moment(self.tree.get("until"))

    @property
    def as_of_now(self) -> Question:
        return of_tree(
            self.analysis, self.product, {k: v for k, v in self.tree.items() if k != "until"}
        )

    @property
    def unfinished(self) -> bool:
        if self.error is None:
            return False
        problems = self.error.data.get("problems") or [{}]
        return all(each.get("type") in UNFINISHED for each in problems)

    @property
    def query(self) -> str:
        """The canonical parameters of the document, or what there is of the form."""
        if self.document is not None:
            return query_of(self.document)
        return urlencode(pairs_of(self.tree), safe=_SAFE)

    @property
    def complaints(self) -> list[Words]:
        """What is wrong, in the words of the controls where it is."""
        if self.error is None or self.unfinished:
            return []
        found = []
        for problem in self.error.data.get("problems", []):
            words = {**labels.OWN, **self.analysis.page.words}
            label = labels.field_label(str(problem["field"]), words)
            found.append(Words(f"{label}\uff1a{problem['zh']}", f"{label}: {problem['en']}"))
        return found or [self.error.words]

    def form(self) -> Form:
        """The controls, each with the problems that concern it."""
        form = form_of(self.analysis.document, self.tree)
        if self.error is not None and not self.unfinished:
            controls = {control.path: control for control in form}
            for problem in self.error.data.get("problems", []):
                place = _nearest(str(problem["field"]), set(controls))
                if place:
                    controls[place].errors.append(Words(problem["zh"], problem["en"]))  # type: ignore[arg-type]
        return form


_SAFE = "*:,~"


def _nearest(field: str, places: set[str]) -> str:
    """The control for the place of a problem: the one named, or the nearest that holds it."""
    parts = field.split(".")
    for end in range(len(parts), 0, -1):
        path = ".".join(parts[:end])
        if path in places:
            return path
    return ""


def read(analysis: Analysis, product: Product, given: QueryDict) -> Question:
    """The question of an address. An address without any parameter begins a new one."""
    pairs = [
        (name, values[-1]) for name, values in given.lists() if name not in OF_THE_PAGE and values
    ]
    try:
        tree = _json(str(given["q"])) if given.get("q") else tree_of(pairs)
    except DocumentError as wrong:
        return Question(analysis, product.slug, {}, None, wrong)
    if not tree:
        tree = deepcopy(dict(analysis.page.starts))
    tree = to_form(tree)
    if given.get("edit"):
        tree = edited(tree, str(given["edit"]))
    today = datetime.now(ZoneInfo(product.timezone)).date()
    tree = tidied(tree, today)
    if (until := _moment(given.get("until"))) is not None:
        tree["until"] = until.isoformat()
    return of_tree(analysis, product.slug, tree)


def _moment(text: object) -> datetime | None:
    """A moment with its offset as an address names it; what is none says nothing."""
    try:
        found = datetime.fromisoformat(str(text or ""))
    except ValueError:
        return None
    return found if found.tzinfo else None


def of_tree(analysis: Analysis, product: str, tree: dict[str, Tree]) -> Question:
    document = {
        **to_document(_emptied(tree, analysis.document)),
        "kind": analysis.kind,
        "product": product,
    }
    try:
        return Question(analysis, product, tree, parse(document)[1], None)
    except DocumentError as wrong:
        return Question(analysis, product, tree, None, wrong)


def _emptied(tree: dict[str, Tree], model: type[Document]) -> dict[str, Tree]:
    """Lists of values that begin with some, where every input is blank now: empty is meant, not the default."""
    meant: dict[str, Tree] = {}
    for name, field in model.model_fields.items():
        given = tree.get(name)
        may_be_empty = not any(getattr(rule, "min_length", 0) for rule in field.metadata)
        if may_be_empty and isinstance(field.default, tuple) and isinstance(given, list) and given:
            plain = field.default and isinstance(field.default[0], str | int | float)
            if plain and pruned({name: given}) == {}:
                meant[name] = []
    return {**tree, **meant}


def _json(text: str) -> dict[str, Tree]:
    """`?q={…}`: the document as JSON. Its kind and product are those of the page."""
    wrong = DocumentError(
        Words("参数 q 应为 JSON 对象。", "The parameter q must be a JSON object."),
        code="q_not_json",
    )
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise wrong from None
    if not isinstance(found, dict):
        raise wrong
    return _exact({k: v for k, v in found.items() if k not in ("kind", "product")})  # type: ignore[no-any-return]


def tree_of_document(document: Document) -> dict[str, Tree]:
    """What a document says beyond its defaults."""
    tree = document.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {key: _exact(value) for key, value in tree.items() if key not in ("kind", "product")}


def _exact(tree: Tree) -> Tree:
    """Empty texts of a document are meant: they are no blanks of a form."""
    if isinstance(tree, dict):
        return {key: _exact(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_exact(each) for each in tree]
    return Exact(tree) if isinstance(tree, str) else tree


def query_of(document: Document) -> str:
    """A document as the parameters of its page."""
    return urlencode(pairs_of(tree_of_document(document)), safe=_SAFE)


def address_of(document: Mapping[str, Any] | Document, until: datetime | None = None) -> str:
    """The page of a document, for a document that is valid; `until`: where its data ended. Raises `DocumentError`."""
    question = document if isinstance(document, Document) else parse(document)[1]
    if until is not None:
        question = question.model_copy(update={"until": until})
    path = reverse(f"insights:{question.kind}", kwargs={"product": question.product})
    return f"{path}?{query_of(question)}"
