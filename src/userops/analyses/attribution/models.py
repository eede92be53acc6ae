"""The models: what share of a goal each of its touches is owed.

One record per model owns its words, its sentence and its weights; the weights of a goal add up to one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from userops.analyses.attribution.document import AttributionDocument, ModelName
from userops.analyses.attribution.journeys import Journeys
from userops.analyses.timelines import Ints
from userops.query.durations import duration_words
from userops.words import Words

ENDS, MIDDLE = 0.4, 0.2
"""What the first and the last touch get each, and what those between share, by position."""


@dataclass(frozen=True, slots=True)
class Owed:
    """Touches that are owed a share of their goal, by their rows, and which share; None: all of it."""

    rows: Ints | slice
    share: Ints | None = None


Weights = Callable[[AttributionDocument, Journeys, Ints], Owed]
"""The document, the journeys, and for each channel's code whether it is direct."""


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` is None where the credit follows from all journeys together."""

    name: ModelName
    words: Words
    sentence: Callable[[AttributionDocument], Words]
    weights: Weights | None


def first(_document: AttributionDocument, journeys: Journeys, _direct: Ints) -> Owed:
    return Owed(journeys.opening)


def last(_document: AttributionDocument, journeys: Journeys, _direct: Ints) -> Owed:
    return Owed(journeys.closing)


def last_non_direct(_document: AttributionDocument, journeys: Journeys, direct: Ints) -> Owed:
    """The last touch where all are direct."""
    known = ~direct[journeys.channel]
    newest = np.maximum.accumulate(np.where(known, np.arange(len(known)), -1))[journeys.closing]
    return Owed(np.where(newest >= journeys.opening, newest, journeys.closing))


def linear(_document: AttributionDocument, journeys: Journeys, _direct: Ints) -> Owed:
    return Owed(slice(None), journeys.spread(1 / np.maximum(journeys.length, 1)))


def time_decay(document: AttributionDocument, journeys: Journeys, _direct: Ints) -> Owed:
    """Half as much for each half-life before the goal; told from the last touch, whose weight is one, so
    that nothing fades away."""
    newest = np.zeros(len(journeys), np.int64)
    newest[journeys.reached] = journeys.before[journeys.closing]
    weight = np.exp2((journeys.spread(newest) - journeys.before) / document.half_life_ms)
    whole = np.bincount(journeys.owner, weights=weight, minlength=len(journeys))
    return Owed(slice(None), weight / journeys.spread(whole))


def position(_document: AttributionDocument, journeys: Journeys, _direct: Ints) -> Owed:
    length = journeys.length
    share = journeys.spread(MIDDLE / np.maximum(length - 2, 1))
    alone = length[journeys.reached]
    ends = np.where(alone == 1, 1, np.where(alone == 2, 0.5, ENDS))
    share[journeys.opening] = ends
    share[journeys.closing] = ends
    return Owed(slice(None), share)


def _fixed(zh: str, en: str) -> Callable[[AttributionDocument], Words]:
    words = Words(zh, en)
    return lambda _document: words


def _decays(document: AttributionDocument) -> Words:
    span = duration_words(document.half_life)
    return Words(
        f"时间衰减 = 每早 {span.zh}权重减半",
        f"time decay = half the weight for each {span.en} earlier",
    )


def _skips_direct(document: AttributionDocument) -> Words:
    named = [f"“{text}”" for text in document.direct]
    zh, en = "、".join(["未设置", *named]), ", ".join(["not set", *named])
    return Words(
        f"末次非直接 = 最后一个非直接触点，全为直接时取最后一个（直接指渠道为{zh}）",
        f"last non-direct = the last touch that is not direct, or the last one where all are (direct: {en})",
    )


MODELS: tuple[Model, ...] = (
    Model("first", Words("首次触点", "First touch"),
          _fixed("首次触点 = 全归第一个触点", "first touch = all to the first touch"), first),
    Model("last", Words("末次触点", "Last touch"),
          _fixed("末次触点 = 全归最后一个触点", "last touch = all to the last touch"), last),
    Model("last_non_direct", Words("末次非直接", "Last non-direct"), _skips_direct, last_non_direct),
    Model("linear", Words("线性", "Linear"), _fixed("线性 = 各触点平分", "linear = all touches alike"), linear),
    Model("time_decay", Words("时间衰减", "Time decay"), _decays, time_decay),
    Model("position", Words("位置", "Position"),
          _fixed("位置 = 首尾各 40%、中间平分 20%，两个触点各半",
                 "position = 40% to the first and the last each, 20% shared by those between, halves of two"),
          position),
    Model("markov", Words("马尔可夫", "Markov"),
          _fixed("马尔可夫 = 移除该渠道后转化概率的降幅，按比例折算到总数，含未转化的触点",
                 "Markov = by how much the chance to convert falls without the channel, scaled to the total; "
                 "touches that lead to no goal count too"), None),
)  # fmt: skip
MODEL: dict[str, Model] = {model.name: model for model in MODELS}
