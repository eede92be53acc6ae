"""Who takes a way, stands at a node, goes from one to another, or ends somewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from userops.analyses.paths.document import MAX_STEPS, PathsDocument
from userops.analyses.paths.finding import Found, find
from userops.analyses.paths.flow import Flow, flow, key_of
from userops.analyses.paths.labels import CONTINUED, ENDED
from userops.analyses.paths.matrix import told_apart
from userops.analyses.table import People
from userops.analyses.timelines import Ints
from userops.errors import DocumentError
from userops.query.scope import Scope
from userops.words import Words


class Selection(BaseModel):
    """`{"step": 2, "node": "0:pay"}`, `{"step": 2, "node": "0:pay", "to": "0:share"}`,
    `{"way": ["0:open", "0:pay"], "continued": false}`, or, in the matrix, `{"from": …, "to": …}`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: int | None = Field(default=None, ge=1, le=MAX_STEPS)
    node: str | None = None
    to: str | None = None
    from_: str | None = Field(default=None, alias="from")
    way: tuple[str, ...] | None = Field(default=None, min_length=1, max_length=MAX_STEPS)
    continued: bool = False

    @property
    def of_the_matrix(self) -> bool:
        return self.from_ is not None


def people(
    document: PathsDocument, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """The persons behind a number. Raises `DocumentError` for a selection that names none."""
    chosen = _selected(document, selection)
    found = find(document, scope, moves=chosen.of_the_matrix)
    persons = np.unique(_persons(document, found, chosen))
    return People(persons[offset : offset + limit].tolist(), len(persons))


def _selected(document: PathsDocument, selection: Mapping[str, Any]) -> Selection:
    try:
        chosen = Selection.model_validate(dict(selection))
    except ValidationError:
        raise _wrong() from None
    steps = chosen.step is not None and chosen.step <= document.max_steps
    forms = (
        steps and chosen.way is None and chosen.from_ is None,
        chosen.way is not None and chosen.step is None and chosen.from_ is None,
        chosen.of_the_matrix and chosen.to is not None and chosen.step is None,
    )
    if not any(forms):
        raise _wrong()
    return chosen


def _wrong() -> DocumentError:
    return DocumentError(
        Words(
            "选择不正确：应指定某一步的节点、某一步的流向、一条完整路径，或转移矩阵的一格。",
            "The selection is wrong: it names a node of a step, a link from it, a whole path, or a cell"
            " of the matrix.",
        ),
        code="selection_invalid",
        hint=Words(
            '格式如 {"step": 1, "node": "0:open", "to": "0:pay"}，或 {"way": ["0:open", "0:pay"]}。',
            'It reads like {"step": 1, "node": "0:open", "to": "0:pay"} or {"way": ["0:open", "0:pay"]}.',
        ),
    )


def _persons(document: PathsDocument, found: Found, chosen: Selection) -> Ints:
    if chosen.of_the_matrix:
        return _of_matrix(document, found, chosen)
    drawn = flow(document, found)
    if chosen.way is not None:
        return found.person[_on_way(found, drawn, chosen)]
    return found.person[_at_step(drawn, chosen)]


def _of_matrix(document: PathsDocument, found: Found, chosen: Selection) -> Ints:
    moves = found.moves
    assert moves is not None
    becomes = told_apart(document, found)
    keys = {key_of(found, code): code for code in range(1, found.names.rest + 1)}
    one, other = keys.get(str(chosen.from_), -1), keys.get(str(chosen.to), -1)
    persons: Ints = moves.person[(becomes[moves.before] == one) & (becomes[moves.after] == other)]
    return persons


def _codes(found: Found) -> dict[str, int]:
    return {key_of(found, code): code for code in range(1, found.names.rest + 2)}


def _on_way(found: Found, drawn: Flow, chosen: Selection) -> Ints:
    assert chosen.way is not None
    codes = _codes(found)
    wanted = [codes.get(key, -1) for key in chosen.way]
    wanted += [0] * (found.node.shape[1] - len(wanted))
    same = (found.node == wanted[: found.node.shape[1]]).all(axis=1)
    fits: Ints = same & (drawn.over != chosen.continued)
    return fits


def _at_step(drawn: Flow, chosen: Selection) -> Ints:
    assert chosen.step is not None
    step, codes = chosen.step - 1, _codes(drawn.found)
    here = drawn.node[:, step] > 0
    if chosen.node is not None:
        here &= drawn.node[:, step] == codes.get(chosen.node, -1)
    if chosen.to == ENDED:
        return here & drawn.ended(step)
    if chosen.to == CONTINUED:
        return here & ~drawn.over & (step + 1 == drawn.steps)
    if chosen.to is not None:
        if step + 1 == drawn.steps:
            raise _wrong()
        here &= drawn.node[:, step + 1] == codes.get(chosen.to, -1)
    return here
