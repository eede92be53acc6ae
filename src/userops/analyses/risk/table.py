"""A churn risk as rows: bands, drivers, calibration, lift, past days, or models."""

from __future__ import annotations

from datetime import date
from typing import Any

from userops.analyses.risk.bands import LABELS
from userops.analyses.risk.document import Risk
from userops.analyses.risk.features import HABITS, times_words
from userops.analyses.table import Column, Table
from userops.words import Words

USERS = Words("人数", "Users")
LEFT = Words("实际流失", "Left")
SHARE = Words("实际流失率", "Share that left")
LOW = Words("95% 区间下限", "95% from")
HIGH = Words("95% 区间上限", "to")
PREDICTED = Words("预测流失概率", "Predicted")
MODELS = {
    "logistic": Words("逻辑回归", "Logistic regression"),
    "boosting": Words("梯度提升树", "Gradient boosting"),
    "rfm": Words("RFM 规则（基线）", "RFM rule (baseline)"),
}
_SCORES = (
    Column("pr_auc", Words("PR-AUC", "PR-AUC"), "number"),
    Column("lift", Words("前 10% 提升度", "Lift of the top 10%"), "number"),
    Column("brier", Words("Brier 分数", "Brier score"), "number"),
    Column("log_loss", Words("对数损失", "Log loss"), "number"),
    Column("ece", Words("ECE", "ECE"), "number"),
    Column("ratio", Words("实际 / 预测", "Observed / expected"), "number"),
)
_BANDS = (
    Column("band", Words("风险", "Risk"), labels=LABELS),
    Column("users", Words("现有人数", "Users today"), "whole"),
    Column("expected", Words("预计流失", "Expected to leave"), "number"),
    Column("tested", Words("检验：同类人数", "Test: users like them"), "whole"),
    Column("left", Words("检验：实际流失", "Test: left"), "whole"),
    Column("share", SHARE, "share"),
    Column("low", LOW, "share"),
    Column("high", HIGH, "share"),
)
_DRIVERS = (
    Column("feature", Words("特征", "Feature")),
    Column("cut", Words("分界（中位数）", "Cut (median)"), "number"),
    Column("low_users", Words("不高于分界的人数", "Users up to it"), "whole"),
    Column("low_share", Words("其流失率", "share that left"), "share"),
    Column("high_users", Words("高于分界的人数", "Users above it"), "whole"),
    Column("high_share", Words("其流失率", "share that left"), "share"),
    Column("difference", Words("差异", "Difference"), "points"),
    Column("from", LOW, "points"),
    Column("to", HIGH, "points"),
)
_CURVE = (
    Column("chance", PREDICTED, "share"),
    Column("users", USERS, "whole"),
    Column("ones", LEFT, "whole"),
    Column("share", SHARE, "share"),
    Column("low", LOW, "share"),
    Column("high", HIGH, "share"),
)
_LIFT = (
    Column("share", Words("按风险排在最前的", "Highest risk, top"), "share"),
    Column("users", USERS, "whole"),
    Column("left", LEFT, "whole"),
    Column("reached", Words("覆盖全部流失者", "of all who left"), "share"),
    Column("lift", Words("提升度", "Lift"), "number"),
)
_BACKTEST = (
    Column("day", Words("预测日期", "Predicted at"), "date"),
    Column("users", USERS, "whole"),
    Column("predicted", Words("预计流失", "Expected to leave"), "number"),
    Column("left", LEFT, "whole"),
    *_SCORES,
)
_MODELS = (Column("model", Words("模型", "Model"), labels=MODELS), *_SCORES)


def feature_words(line: dict[str, Any]) -> Words:
    """What a feature is called: a habit by its words, a count by its event."""
    if line["event"]:
        event = line.get("label", line["event"])
        return times_words(Words(event, event))
    return next(each.words for each in HABITS if each.name == line["feature"])


def table(document: Risk, result: dict[str, Any]) -> Table:
    columns, lines = {
        "bands": (_BANDS, result["bands"]),
        "drivers": (
            _DRIVERS,
            [{**each, "feature": feature_words(each)} for each in result["drivers"]],
        ),
        "calibration": (
            _CURVE,
            [{**each, "share": each["ones"] / each["users"]} for each in result["curve"]],
        ),
        "lift": (_LIFT, result["lift"]),
        "backtest": (
            _BACKTEST,
            [{**each, "day": date.fromisoformat(each["day"])} for each in result["backtests"]],
        ),
        "models": (_MODELS, result["metrics"]),
    }[document.view]
    return Table(columns, [tuple(line[column.name] for column in columns) for line in lines])
