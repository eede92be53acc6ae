"""The question of what sets people apart: those behind a number, against others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, Union

from pydantic import (
    BeforeValidator,
    Field,
    FieldSerializationInfo,
    create_model,
    field_serializer,
    model_validator,
)

from userops.analyses.about import About, AnyQuestion, Definition, definitions
from userops.words import Words

if TYPE_CHECKING:
    from userops.analyses.analysis import Analysis

PROBLEMS: dict[str, Words] = {
    "traits_selection": Words(
        '应为 JSON 对象，即选中数字的 selection，例如 {"series": 0}',
        'must be a JSON object, the selection of a number, such as {"series": 0}',
    ),
    "traits_other": Words(
        "against 为 selection 时需要 other（另一个数字的 selection），为 others 时不需要",
        "against = selection needs `other` (the selection of another number); against = others takes none",
    ),
}


def _object(given: Any) -> Any:
    """An address carries a selection as JSON text."""
    if not isinstance(given, str):
        return given
    try:
        found = json.loads(given)
    except ValueError:
        raise ValueError("traits_selection") from None
    if not isinstance(found, dict):
        raise ValueError("traits_selection")
    return found


Selection = Annotated[dict[str, Any], BeforeValidator(_object)]


class Traits(About):
    """What sets the people behind a number apart from everyone else active in the range, or from those
    behind another number of the same question."""

    kinds: ClassVar[Mapping[str, Words]] = {}
    defined: ClassVar[Mapping[str, Definition]] = {}

    kind: Literal["traits"] = "traits"
    selection: Selection = Field(default_factory=dict)
    against: Literal["others", "selection"] = "others"
    other: Selection | None = None
    min_support: int = Field(default=20, ge=5, le=1_000_000)
    limit: int = Field(default=100, ge=1, le=1000)

    @model_validator(mode="after")
    def comparable(self) -> Self:
        if (self.other is None) == (self.against == "selection"):
            raise ValueError("traits_other")
        return self

    @field_serializer("selection", "other")
    def as_text_in_addresses(
        self, selection: dict[str, Any] | None, info: FieldSerializationInfo
    ) -> Any:
        """What leaves out defaults becomes an address, where numbers and texts would be one."""
        if selection is None or not info.exclude_defaults:
            return selection
        return json.dumps(selection, ensure_ascii=False, separators=(",", ":"))


def traits_of(analyses: Iterable[Analysis]) -> type[Traits]:
    """The document for the numbers of these analyses."""
    known = list(analyses)
    kinds: Any = Union[tuple(each.document for each in known)]  # noqa: UP007
    question = Annotated[kinds, Field(discriminator="kind"), AnyQuestion]
    made = create_model(
        "Traits",
        __base__=Traits,
        __module__=__name__,
        __doc__=Traits.__doc__,
        question=(question, ...),
    )
    made.kinds = {each.kind: each.words for each in known}
    made.defined = definitions(known)
    return made
