"""Who is behind a channel, a credit, a length of journeys or a time lag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from userops.analyses.attribution.document import AttributionDocument, ModelName
from userops.analyses.attribution.journeys import Journeys, Touches, followed, prepare
from userops.analyses.attribution.models import MODEL
from userops.analyses.attribution.running import EDGES, LONGEST, NO_TOUCH, groups
from userops.analyses.attribution.totals import is_direct, totals
from userops.analyses.table import People
from userops.analyses.timelines import Ints
from userops.errors import DocumentError
from userops.query.scope import Scope
from userops.query.steps import OTHERS
from userops.words import Words


class Selection(BaseModel):
    """`{"channel": "value:微信"}`: who has a goal with the channel among its touches; with `"model": "last"`
    where the model gives it credit; with `"what": "touches"` whoever was touched. `{"length": 2}` and
    `{"lag": 3600}`: goals of a row. A breakdown's value as `"breakdown": "上海"`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: str | None = None
    what: str = Field(default="goals", pattern="^(goals|touches)$")
    model: ModelName | None = None
    breakdown: str | None = None
    length: int | None = Field(default=None, ge=0, le=LONGEST)
    lag: int | None = None


def people(
    document: AttributionDocument,
    scope: Scope,
    selection: Mapping[str, Any],
    limit: int,
    offset: int,
) -> People:
    """The persons behind a number. Raises `DocumentError` for a selection that names none."""
    chosen = _selected(document, selection)
    asked = prepare(document, scope)
    codes = {name.key: code for code, name in enumerate(asked.channels.names, start=1)}
    codes |= {NO_TOUCH: 0, OTHERS: asked.channels.rest}
    code = codes.get(chosen.channel, -1) if chosen.channel is not None else None
    direct = is_direct(document, asked)
    inside = _inside(document, scope, chosen, len(asked.groups.values))
    parts = [np.zeros(0, np.int64)]
    for touches, journeys in followed(document, asked):
        if chosen.what == "touches":
            parts.append(_touched(touches, code, inside))
        if chosen.what == "goals":
            parts += [
                each.person[_goals(document, each, chosen, code, direct) & inside[each.group]]
                for each in journeys
            ]
    every = np.unique(np.concatenate(parts))
    return People(every[offset : offset + limit].tolist(), len(every))


def _selected(document: AttributionDocument, selection: Mapping[str, Any]) -> Selection:
    try:
        chosen = Selection.model_validate(dict(selection))
    except ValidationError:
        raise _wrong() from None
    touches = chosen.what == "touches"
    impossible = (
        chosen.lag is not None and chosen.lag not in EDGES,
        chosen.breakdown is not None and not document.breakdown,
        touches and (chosen.channel is None or chosen.model is not None),
        touches and (chosen.length is not None or chosen.lag is not None),
        chosen.model is not None and chosen.channel is None,
        touches and chosen.breakdown is not None and document.by_goal,
    )
    if any(impossible):
        raise _wrong()
    return chosen


def _wrong() -> DocumentError:
    return DocumentError(
        Words(
            "选择不正确：应指定渠道（可加模型或 touches）、触点数或时间间隔。",
            "The selection is wrong: it names a channel (with a model or “touches”), a length or a lag.",
        ),
        code="selection_invalid",
        hint=Words(
            '格式如 {"channel": "value:wechat", "model": "last"} 或 {"length": 2}。',
            'It reads like {"channel": "value:wechat", "model": "last"} or {"length": 2}.',
        ),
    )


def _inside(document: AttributionDocument, scope: Scope, chosen: Selection, size: int) -> Ints:
    """By group, whether it belongs to the value that is asked for."""
    if chosen.breakdown is None:
        return np.ones(size, bool)
    inside = np.zeros(size, bool)
    for value, numbers in groups(document, totals(document, scope)):
        if value == chosen.breakdown:
            inside[numbers] = True
    return inside


def _touched(touches: Touches, code: int | None, inside: Ints) -> Ints:
    found: Ints = touches.person[
        touches.in_range & (touches.channel == code) & inside[touches.group]
    ]
    return found


def _goals(
    document: AttributionDocument,
    journeys: Journeys,
    chosen: Selection,
    code: int | None,
    direct: Ints,
) -> Ints:
    """Which goals a selection means."""
    wanted = np.ones(len(journeys), bool)
    if code is not None:
        wanted &= _of_channel(document, journeys, chosen.model, code, direct)
    if chosen.length is not None:
        length = np.minimum(journeys.length, LONGEST)
        wanted &= length == chosen.length
    if chosen.lag is not None:
        wanted &= _of_lag(journeys, chosen.lag)
    return wanted


def _of_channel(
    document: AttributionDocument, journeys: Journeys, model: str | None, code: int, direct: Ints
) -> Ints:
    if code == 0:
        untouched: Ints = journeys.length == 0
        return untouched
    weights = MODEL[model].weights if model else None
    credited = journeys.channel == code
    if weights is not None:
        owed = weights(document, journeys, direct)
        given = np.zeros(len(credited), bool)
        given[owed.rows] = owed.share is None or owed.share > 0
        credited &= given
    wanted = np.zeros(len(journeys), bool)
    wanted[journeys.owner[credited]] = True
    return wanted


def _of_lag(journeys: Journeys, lag: int) -> Ints:
    place = EDGES.index(lag)
    high = EDGES[place + 1] * 1000 if place + 1 < len(EDGES) else np.inf
    held = np.flatnonzero(journeys.length > 0)
    lags = journeys.before[journeys.first[:-1][held]]
    wanted = np.zeros(len(journeys), bool)
    wanted[held] = (lags >= lag * 1000) & (lags < high)
    return wanted
