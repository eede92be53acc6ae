"""Questions about a number of another question, such as why it is no longer the same: the part that
they share.

The other question stands in `question`. Product and date range are those of the whole; filters of the
whole are added to its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from pydantic import (
    FieldSerializationInfo,
    SerializeAsAny,
    WithJsonSchema,
    field_serializer,
    model_validator,
)

from userops.query.document import Document
from userops.query.scope import Scope
from userops.words import Words

if TYPE_CHECKING:
    from userops.analyses.analysis import Analysis

Definition = Callable[[Any], Words]
"""The definition of a question of one kind, in words."""
COMMON = ("product", "range")

AnyQuestion = WithJsonSchema({"type": "object"})
"""The reference explains the documents of the other analyses in their own places."""


class About(Document):
    """A question with another one inside. Subclasses are made for the kinds that they know."""

    question: SerializeAsAny[Document]

    @model_validator(mode="before")
    @classmethod
    def one_product_and_range(cls, given: Any) -> Any:
        """Product and range of the inner question are those of the whole, which may leave them to it."""
        if not isinstance(given, Mapping) or not isinstance(given.get("question"), Mapping):
            return given
        inner = dict(given["question"])
        whole = {name: inner[name] for name in COMMON if name in inner} | dict(given)
        inner |= {name: whole[name] for name in COMMON if name in whole}
        if "range" not in whole:
            inner.pop("range", None)
        return {**whole, "question": inner}

    @field_serializer("question")
    def without_what_is_common(
        self, question: Document, info: FieldSerializationInfo
    ) -> dict[str, Any]:
        if info.exclude_defaults:
            inner = question.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        else:
            inner = question.as_json()
        rest = {key: each for key, each in inner.items() if key not in (*COMMON, "kind")}
        return {"kind": question.kind, **rest}

    def resolve(self, scope: Scope, first_day: date | None = None) -> Self:
        whole = super().resolve(scope, first_day)
        return whole.model_copy(
            update={"question": self.question.model_copy(update={"range": whole.range})}
        )

    def asked(self) -> Document:
        """The inner question with the filters of both."""
        return self.question.model_copy(update={"filters": (*self.question.filters, *self.filters)})


def definitions(analyses: Iterable[Analysis]) -> dict[str, Definition]:
    """By kind: what the analysis is called, and its own definition of a question."""

    def of(analysis: Analysis) -> Definition:
        def define(question: Document) -> Words:
            name, own = analysis.words, analysis.describe(question)
            return Words(f"{name.zh}的口径：{own.zh}", f"{name.en}: {own.en}")

        return define

    return {each.kind: of(each) for each in analyses}
