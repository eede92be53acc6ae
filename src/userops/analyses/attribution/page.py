"""How the workbench shows an attribution."""

from __future__ import annotations

from typing import Any

from userops.analyses.attribution.chart import COMPARED, drawn
from userops.analyses.attribution.document import AttributionDocument
from userops.analyses.attribution.labels import channel_words, named
from userops.analyses.attribution.models import MODEL, MODELS
from userops.analyses.attribution.table import GOALS, parts
from userops.analyses.page import Cells, Fact, Marks, Page, Selection, Teaching
from userops.analyses.table import Table
from userops.words import Words


def _cells(document: AttributionDocument, result: dict[str, Any], table: Table) -> Cells:
    if document.view in ("lengths", "lags"):
        return [
            [_of_row(document, row) if column.name == "goals" else None for column in table.columns]
            for row in result[document.view]
        ]
    return [
        [_of_channel(document, column.name, row["channel"], value) for column in table.columns]
        for value, channels in parts(result)
        for row in channels
    ]


def _of_row(document: AttributionDocument, row: dict[str, Any]) -> Selection:
    return {"length": row["touches"]} if document.view == "lengths" else {"lag": row["from"]}


def _of_channel(
    document: AttributionDocument, column: str, channel: str, value: str | None
) -> Selection | None:
    model = column.removeprefix("credit_")
    model = {"baseline": document.baseline, "model": document.model}.get(column, model)
    if model in MODEL:
        selection: Selection = {"channel": channel, "model": model}
    elif column == "assisted":
        selection = {"channel": channel}
    elif column == "users":
        selection = {"channel": channel, "what": "touches"}
    else:
        return None
    return selection if value is None else {**selection, "breakdown": value}


def _marks(document: AttributionDocument, result: dict[str, Any], language: str) -> Marks:
    if document.view in ("lengths", "lags"):
        rows = result[document.view]
        return {GOALS.words.text(language): [_of_row(document, row) for row in rows]}
    if document.view == "comparison":
        return {
            MODEL[name].words.text(language): [
                {"channel": row["channel"], "model": name} for row in result["channels"][:COMPARED]
            ]
            for name in (document.baseline, document.model)
        }
    return {
        channel_words(result, row["channel"]).text(language): [
            {"channel": row["channel"], "model": model.name} for model in MODELS
        ]
        for row in drawn(result)[0]
    }


def _facts(document: AttributionDocument, result: dict[str, Any]) -> list[Fact]:
    found = [
        Fact(Words("目标数", "Goals"), result["goals"], "whole"),
        Fact(Words("达成用户", "Users with a goal"), result["users"], "whole"),
        Fact(Words("无触点的目标", "Goals without touch"), result["untouched"], "whole"),
        Fact(
            Words("首个触点到目标的中位时间", "Median time from the first touch"),
            result["median_lag_seconds"],
            "seconds",
        ),
    ]
    if document.goal.property:
        found.insert(1, Fact(Words("价值", "Value"), result["value"], "number"))
    return found


_NAMES = {model.name: model.words for model in MODELS}

PAGE = Page(
    icon="arrows-split-2",
    front=(
        "range",
        "view",
        "touches",
        "goal",
        "lookback",
        "breakdown",
        "baseline",
        "model",
        "filters",
    ),
    starts={"touches": [{"event": ""}], "goal": {"event": ""}},
    teaching=Teaching(
        Words("选择触点和目标", "Choose touches and a goal"),
        Words(
            "归因把每次目标（如支付成功）的功劳分给之前的触点，七种模型并列。例如以打开应用为触点、按渠道区分。",
            "Attribution shares the credit for each goal, such as a payment, among the touches before it, by "
            "seven models side by side. Touches may be app openings told apart by channel.",
        ),
    ),
    words={
        "touches": Words("触点", "Touches"),
        "touches.filters": Words("条件", "Conditions"),
        "touches.property": Words("渠道取自属性", "Channel is the property"),
        "goal": Words("目标", "Goal"),
        "goal.filters": Words("条件", "Conditions"),
        "goal.property": Words("价值取自属性", "Value is the property"),
        "lookback": Words("回溯期", "Look-back window"),
        "goals": Words("计哪些目标", "Goals that count"),
        "goals.every": Words("每次目标", "Every goal"),
        "goals.first": Words("每位用户的第一次", "The first of each user"),
        "direct": Words("视为直接的渠道", "Channels taken as direct"),
        "half_life": Words("时间衰减的半衰期", "Half-life of time decay"),
        "model": Words("对比模型", "Model"),
        "baseline": Words("基准模型", "Baseline model"),
        "view.credits": Words("各模型的归因", "Credit by model"),
        "view.comparison": Words("两种模型对比", "Two models compared"),
        "view.lengths": Words("触点数分布", "Journeys by length"),
        "view.lags": Words("时间间隔分布", "Journeys by time"),
        **{
            f"{field}.{name}": words
            for field in ("model", "baseline")
            for name, words in _NAMES.items()
        },
    },
    help={
        "touches.property": Words(
            "例如渠道或广告活动；不选则以事件名称为渠道。",
            "Such as channel or campaign; without it the event is the channel.",
        ),
        "direct": Words("末次非直接会跳过这些渠道。", "Last non-direct passes over these."),
    },
    placeholders={"lookback": "30d", "half_life": "7d"},
    suggestions={
        "lookback": ("1d", "7d", "14d", "30d", "60d", "90d"),
        "half_life": ("1d", "3d", "7d", "14d", "30d"),
    },
    add={"touches": Words("添加触点", "Add a touch")},
    cells=_cells,
    marks=_marks,
    shares=lambda document, _result: document.view in ("credits", "comparison"),
    facts=_facts,
    whole=lambda result: len(result["channels"]),
    named=named,
)
