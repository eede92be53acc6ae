"""How the workbench shows a churn risk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.page import Cells, Fact, Label, Marks, Page, Teaching
from userops.analyses.risk.bands import LABELS
from userops.analyses.risk.chart import TODAY
from userops.analyses.risk.describing import CAUTION
from userops.analyses.risk.document import Risk
from userops.analyses.risk.table import MODELS, feature_words
from userops.analyses.table import Table
from userops.words import Words

_GOOD = (0.8, 1.25)
_TOLD = 3
_ENOUGH = 30
"""So many of a band were tested before it is said what became of them."""


def _cells(document: Risk, result: dict[str, Any], table: Table) -> Cells:
    if document.view != "bands":
        return [[None] * len(row) for row in table.rows]
    return [
        [{"band": each["band"]} if column.name == "users" else None for column in table.columns]
        for each in result["bands"]
    ]


def _marks(document: Risk, result: dict[str, Any], language: str) -> Marks:
    if document.view != "bands":
        return {}
    return {TODAY.text(language): [{"band": each["band"]} for each in result["bands"]]}


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def used(result: dict[str, Any]) -> dict[str, Any]:
    """The scores of the model in use, on the day of the test."""
    found: dict[str, Any] = next(each for each in result["metrics"] if each["used"])
    return found


def _facts(document: Risk, result: dict[str, Any]) -> list[Fact]:
    facts = [
        Fact(Words("预测对象", "Users"), result["users"], "whole"),
        Fact(Words("预计流失", "Expected to leave"), _whole(result["expected"]), "whole"),
    ]
    if not result["metrics"]:
        return facts
    test = used(result)
    return [
        *facts,
        Fact(Words("检验：实际 / 预测", "Test: observed / expected"), test["ratio"]),
        Fact(Words("检验：PR-AUC", "Test: PR-AUC"), test["pr_auc"]),
        Fact(Words("检验：前 10% 提升度", "Test: lift of the top 10%"), test["lift"]),
    ]


def _notes(document: Risk, result: dict[str, Any], label: Label) -> list[Words]:
    if result["reason"] is not None:
        return [Words(result["reason"]["zh"], result["reason"]["en"])]
    notes = [*_of_hundred(result), _verdict(result)]
    if document.view == "drivers":
        notes += [driver_words(each) for each in result["drivers"][:_TOLD]]
    if result["sampled"] > 1:
        every = result["sampled"]
        notes.append(
            Words(
                f"用户较多，模型取其中 1/{every} 学习；预测对象为全部用户。",
                f"There are many users: the model was learnt from one in {every} and predicts for all.",
            )
        )
    return notes


def _of_hundred(result: dict[str, Any]) -> list[Words]:
    """What became of users like those of the highest band that was tested."""
    for band in result["bands"]:
        if band["tested"] >= _ENOUGH:
            words, hundred = LABELS[band["band"]], round(band["share"] * 100)
            return [
                Words(
                    f"风险“{words.zh}”：检验中每 100 个这样的人流失 {hundred} 个"
                    f"（{band['left']:,}/{band['tested']:,}）；现有 {band['users']:,} 人。",
                    f"Risk “{words.en}”: in the test, of 100 users like this {hundred} left "
                    f"({band['left']:,}/{band['tested']:,}); there are {band['users']:,} today.",
                )
            ]
    return []


def _verdict(result: dict[str, Any]) -> Words:
    """Whether the chances were right on the test, and whether the model beats the rule."""
    test, rule = used(result), next(each for each in result["metrics"] if each["model"] == "rfm")
    model, ratio = MODELS[test["model"]], test["ratio"]
    right = ratio is not None and _GOOD[0] <= ratio <= _GOOD[1]
    better = test["log_loss"] < rule["log_loss"]
    calibrated = Words("概率可信", "the chances can be relied on") if right else Words(
        "概率偏差较大，仅供排序", "the chances are off: use the ranking only"
    )  # fmt: skip
    beats = Words("优于 RFM 规则", "better than the RFM rule") if better else Words(
        "不优于 RFM 规则，可直接使用规则", "no better than the RFM rule, which is simpler"
    )  # fmt: skip
    return Words(
        f"检验日 {result['test']['day']}：实际流失 / 预测流失 = {ratio:.2f}，{calibrated.zh}；"
        f"{model.zh}{beats.zh}（对数损失 {test['log_loss']:.3f} 对 {rule['log_loss']:.3f}）。",
        f"Test of {result['test']['day']}: observed / expected = {ratio:.2f}, {calibrated.en}; "
        f"{model.en} is {beats.en} (log loss {test['log_loss']:.3f} against {rule['log_loss']:.3f}).",
    )


def driver_words(line: dict[str, Any]) -> Words:
    words = feature_words(line)
    return Words(
        f"{words.zh}不高于 {line['cut']:.3g} 的人中流失 {line['low_share']:.1%}"
        f"（{line['low_left']:,}/{line['low_users']:,}），更高的人中流失 {line['high_share']:.1%}"
        f"（{line['high_left']:,}/{line['high_users']:,}）。",
        f"{words.en} up to {line['cut']:.3g}: {line['low_share']:.1%} left "
        f"({line['low_left']:,}/{line['low_users']:,}); above: {line['high_share']:.1%} "
        f"({line['high_left']:,}/{line['high_users']:,}).",
    )


def _named(document: Risk, result: dict[str, Any], events: Mapping[str, str]) -> dict[str, Any]:
    """Events called by the catalogue's names."""
    drivers = [
        {**each, "label": events.get(each["event"], each["event"])} for each in result["drivers"]
    ]
    return {**result, "drivers": drivers}


PAGE = Page(
    icon="hourglass",
    front=("range", "event", "window", "gap", "view", "filters"),
    starts={"event": "*"},
    teaching=Teaching(
        Words("选择核心行为", "Choose the core action"),
        Words(
            "从过去学习什么样的人后来流失，给现有用户算出经过校准的流失概率，并用过去的日期检验是否说准。"
            "先选能代表“还在使用”的事件，例如打开应用。",
            "Learns from the past who was lost later, gives today's users a calibrated chance of it, and tests on "
            "past days whether that was right. Start with the event that stands for being there, such as opening "
            "the app.",
        ),
    ),
    words={
        "event": Words("核心行为", "Core action"),
        "window": Words("多少天没来算流失", "Lost after days of silence"),
        "gap": Words("预测日后留出几天", "Days left to act"),
        "lookback": Words("回看多少天", "Days looked back on"),
        "step": Words("训练日期相隔天数", "Days between the days learnt from"),
        "signals": Words("另外关注的事件", "Further events to look at"),
        "view.bands": Words("风险分档", "Bands of risk"),
        "view.drivers": Words("相关因素", "What goes with it"),
        "view.calibration": Words("校准曲线", "Calibration"),
        "view.lift": Words("提升图", "Lift"),
        "view.backtest": Words("回测", "Back-test"),
        "view.models": Words("模型比较", "Models"),
    },
    help={
        "window": Words("可取流失分析建议的天数。", "The churn analysis suggests one."),
        "signals": Words("例如崩溃、退款、投诉。", "Such as a crash, a refund, a complaint."),
    },
    cells=_cells,
    marks=_marks,
    shares=lambda document, _result: document.view in ("calibration", "lift", "drivers"),
    facts=_facts,
    named=_named,
    notice=CAUTION,
    notes=_notes,
)
