"""How the workbench shows a churn analysis."""

from __future__ import annotations

from typing import Any

from userops.analyses.churn.describing import days, percent
from userops.analyses.churn.document import Churn
from userops.analyses.churn.people import IN_PERIOD
from userops.analyses.churn.table import RATE, lines, parts_of
from userops.analyses.churn.window import estimable
from userops.analyses.page import Cells, Fact, Label, Marks, Page, Selection, Teaching
from userops.analyses.table import Table
from userops.words import Words


def _cells(document: Churn, result: dict[str, Any], table: Table) -> Cells:
    return [
        [_cell(document, column.name, line, group) for column in table.columns]
        for group, part in parts_of(result)
        for line in lines(document, part)
    ]


def _cell(
    document: Churn, column: str, line: dict[str, Any], group: dict[str, str]
) -> Selection | None:
    if document.view == "curve" or column not in IN_PERIOD:
        return None
    selection: Selection = {"start": line["start"], "state": column}
    return {**selection, "breakdown": group} if group else selection


def _marks(document: Churn, result: dict[str, Any], language: str) -> Marks:
    if document.view == "curve":
        return {}
    shown = [point for point in result["periods"] if not point["partial"]]
    return {RATE.text(language): [{"start": point["start"], "state": "churned"} for point in shown]}


def _facts(document: Churn, result: dict[str, Any]) -> list[Fact]:
    return [
        Fact(Words("流失天数 W", "Lost after days (W)"), result["window"], "whole"),
        Fact(
            Words(
                f"沉默 W 天后 {document.horizon} 天内仍会回来",
                f"Still return in {document.horizon} days after W",
            ),
            result["chance"],
            "share",
        ),
        Fact(Words("平均流失率", "Average churn rate"), result["average"]["rate"], "share"),
        Fact(Words("期末已流失", "Gone at the end"), result["gone"], "whole"),
        Fact(Words("占期内来过的人", "of those there in the range"), result["gone_share"], "share"),
    ]


def _notes(document: Churn, result: dict[str, Any], label: Label) -> list[Words]:
    notes = [_why(document, result)]
    if result["gone"] is not None and result["users"]:
        gone, users = result["gone"], result["users"]
        notes.append(
            Words(
                f"截至 {result['as_of']}，期内来过的 {users:,} 人中有 {gone:,} 人已沉默满 {result['window']} 天"
                f"（{gone / users:.1%}）。",
                f"As of {result['as_of']}, {gone:,} of the {users:,} people who were there have been silent for "
                f"{days(result['window']).en} or more ({gone / users:.1%}).",
            )
        )
    if any(each["partial"] for each in result["periods"]):
        notes.append(
            Words(
                "数据开始后不足 W 天的周期无法判断流失，图中不画，表中标明。",
                "Nobody can be lost before there are W days of data: those periods are not drawn, and marked "
                "in the table.",
            )
        )
    return notes


def _why(document: Churn, result: dict[str, Any]) -> Words:
    """Why the window is what it is, and what the data would say."""
    hint, horizon = result["suggested"], days(document.horizon)
    threshold = percent(document.threshold)
    reasons = {
        "threshold": Words(
            f"数据建议 W = {hint['window']}：沉默满这么多天后，其后 {horizon.zh}内的回归概率一直低于 {threshold}。",
            f"The data suggests W = {hint['window']}: from so many days of silence on, the chance to return "
            f"within {horizon.en} stays below {threshold}.",
        ),
        "none": Words(
            "在可观察的天数内，回归概率既没有一直低于阈值，也没有明显的拐点，无法推定流失天数："
            "请延长日期范围、缩短观察回归的天数，或自行指定。",
            "In the days that can be watched the chance to return neither stays below the threshold nor has a "
            "knee, so no window is suggested: take a longer range, watch for fewer days, or give one.",
        ),
    }
    if not estimable(result["curve"]):
        reason = _too_little(document)
    else:
        reason = _knee(document, result) if hint["by"] == "knee" else reasons[hint["by"]]
    if document.window is None:
        return reason
    own = Words(
        f"当前使用指定的 W = {document.window}。",
        f"The window in use is W = {document.window}, as given.",
    )
    return Words(own.zh + reason.zh, f"{own.en} {reason.en}")


def _too_little(document: Churn) -> Words:
    horizon, fewest = days(document.horizon), document.min_support
    return Words(
        f"没有 {fewest:,} 段沉默能观察到其后 {horizon.zh}，无法估计回归概率：请延长日期范围、缩短观察回归的天数、"
        "放宽条件，或减少每点最少沉默段数。",
        f"There are not {fewest:,} silences that could be watched for {horizon.en}, so the chance to return cannot be "
        "estimated: take a longer range, watch for fewer days, set fewer conditions, or ask for fewer silences "
        "at a point.",
    )


def _knee(document: Churn, result: dict[str, Any]) -> Words:
    """That the window is where the curve flattens, and how many come back all the same."""
    horizon, threshold = days(document.horizon), percent(document.threshold)
    known = estimable(result["curve"])
    window = result["suggested"]["window"]
    after = next(point["chance"] for point in known if point["days"] == window)
    least = min(known, key=lambda point: point["chance"])
    never = Words(
        f"都没有降到 {threshold} 以下（最低 {least['chance']:.1%}，在沉默 {least['days']} 天时）",
        f"does not fall below {threshold} (lowest: {least['chance']:.1%}, after {days(least['days']).en})",
    )
    if least["chance"] < document.threshold:
        never = Words(f"没有稳定在 {threshold} 以下", f"does not stay below {threshold}")
    return Words(
        f"不论沉默多久，其后 {horizon.zh}内回来的概率{never.zh}，"
        f"数据里看不到“不会再来”的界限。W = {window} 只是曲线变缓的拐点：沉默满 {window} 天的人，"
        f"仍有 {after:.1%} 会在 {horizon.zh}内回来。请按业务自行指定流失天数，或拉长日期范围、缩短观察回归的天数。",
        f"However long the silence, the chance to return within {horizon.en} {never.en}: "
        f"the data shows no point of no return. W = {window} is only the knee where the "
        f"curve flattens; of those silent for {days(window).en}, {after:.1%} still come back within {horizon.en}. "
        "Give a window that fits the business, take a longer range, or watch for fewer days.",
    )


PAGE = Page(
    icon="user-x",
    front=("range", "unit", "event", "window", "view", "breakdown", "filters"),
    starts={"event": "*"},
    teaching=Teaching(
        Words("选择核心行为", "Choose the core action"),
        Words(
            "从一段段沉默看用户多久不来就很难再来，据此定义流失，再看每个周期流失多少人、是谁。"
            "先选能代表“还在使用”的事件，例如打开应用或支付成功。",
            "Reads off how long a silence lasts before people hardly come back, makes that the definition of "
            "churn, and shows how many are lost in each period, and who. Start with the event that stands for "
            "being there, such as opening the app or paying.",
        ),
    ),
    words={
        "event": Words("核心行为", "Core action"),
        "window": Words("流失天数 W", "Lost after days (W)"),
        "threshold": Words("回归概率阈值", "Threshold of the chance to return"),
        "horizon": Words("观察回归的天数", "Days in which one may return"),
        "min_support": Words("每点最少沉默段数", "Least silences at a point"),
        "view.curve": Words("回归曲线", "Return curve"),
        "view.periods": Words("各周期流失率", "Churn rate by period"),
    },
    help={
        "window": Words("不填则由回归曲线推定。", "Left empty, it comes from the return curve."),
        "threshold": Words(
            "0 到 1 之间，默认 0.05，即 5%。", "Between 0 and 1; 0.05, which is 5%, by default."
        ),
    },
    cells=_cells,
    marks=_marks,
    shares=lambda _document, _result: True,
    facts=_facts,
    notes=_notes,
    whole=lambda result: len(result["periods"]),
)
