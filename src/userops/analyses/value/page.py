"""How the workbench shows a predicted value."""

from __future__ import annotations

from typing import Any

from userops.analyses.page import Cells, Fact, Label, Marks, Page, Selection, Teaching
from userops.analyses.pricing import money_type
from userops.analyses.table import Table
from userops.analyses.value.document import CustomerValue
from userops.analyses.value.table import CUSTOMERS, EXPECTED, VALUE
from userops.money import money
from userops.query.naming import shown
from userops.words import Words, minus

RELATED = 0.2
"""From this correlation on, what one spends goes with how often one buys."""
_GOOD = (0.8, 1.25)


def _cells(document: CustomerValue, result: dict[str, Any], table: Table) -> Cells:
    if document.view != "forecast":
        return [[None] * len(row) for row in table.rows]
    return [
        [
            {"tenth": each["tenth"]} if column.name == "customers" else None
            for column in table.columns
        ]
        for each in result["tenths"]
    ]


def _marks(document: CustomerValue, result: dict[str, Any], language: str) -> Marks:
    if document.view != "forecast":
        return {}
    who: list[Selection | None] = [{"tenth": each["tenth"]} for each in result["tenths"]]
    valued = any(each["value"] is not None for each in result["tenths"])
    return {(VALUE if valued else EXPECTED).text(language): who}


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _facts(document: CustomerValue, result: dict[str, Any]) -> list[Fact]:
    ahead, tested = result["expected"], result["backtest"]
    sums = money_type(result)
    facts = [
        Fact(CUSTOMERS, result["customers"], "whole"),
        Fact(Words("预计仍活跃", "Expected to be active"), _whole(result["alive"]), "whole"),
    ]
    if ahead is not None:
        facts += [
            Fact(EXPECTED, _whole(ahead["purchases"]), "whole"),
            Fact(VALUE, ahead["value"], sums),
            Fact(Words("人均预期价值", "Value per customer"), ahead["value_per_customer"], sums),
        ]
    if tested is not None:
        facts.append(
            Fact(Words("回测：实际 / 预测", "Back-test: actual / predicted"), tested["ratio"])
        )
    return facts


def _notes(document: CustomerValue, result: dict[str, Any], label: Label) -> list[Words]:
    if result["reason"] is not None:
        return [Words(result["reason"]["zh"], result["reason"]["en"])]
    return [
        *_intervals(document, result),
        *_alive(document, result),
        *_tested(result),
        *_money(result),
        _fitted(result),
    ]


_PARAMETERS = {
    "model": (Words("购买", "purchases"), {"r": "r", "alpha": "α", "a": "a", "b": "b"}),
    "spending": (Words("金额", "money"), {"p": "p", "q": "q", "gamma": "γ"}),
}


def _fitted(result: dict[str, Any]) -> Words:
    """For whoever compares it with another program."""
    zh, en = [], []
    for part, (title, signs) in _PARAMETERS.items():
        found = result[part]
        if found is None:
            continue
        values = [f"{sign} {found[name]:.4g}" for name, sign in signs.items() if found[name]]
        likelihood = minus(f"{found['log_likelihood']:,.1f}")
        zh.append(f"{title.zh} {'、'.join(values)}（对数似然 {likelihood}）")
        en.append(f"{title.en} {', '.join(values)} (log-likelihood {likelihood})")
    return Words(
        f"拟合的参数（时间以周计）：{'；'.join(zh)}。",
        f"Parameters fitted (time in weeks): {'; '.join(en)}.",
    )


def _intervals(document: CustomerValue, result: dict[str, Any]) -> list[Words]:
    ends = result["expected"]["purchases_interval"]
    if ends is None:
        return [
            Words(
                "数据不足以给出预测的区间，请谨慎使用。",
                "The data does not tell how sure the forecast is: use it with care.",
            )
        ]
    low, high = ends
    bounds = result["expected"]["value_interval"]
    value = value_en = ""
    if bounds is not None:
        least, most = (_sum(each, result.get("currency")) for each in bounds)
        # where no currency is known the unit is that of the property
        unit = Words("", "")
        if not result.get("currency"):
            name = shown(document.purchase.property, "event")
            unit = Words(f"按“{name.zh}”计", f" in “{name.en}”")
        value = f"，预期价值{unit.zh} {least.zh} 至 {most.zh}"
        value_en = f", of the value{unit.en} {least.en} to {most.en}"
    return [
        Words(
            f"95% 区间：预期购买次数 {low:,.0f} 至 {high:,.0f}{value}（仅反映参数的不确定性）。",
            f"95% interval of the purchases {low:,.0f} to {high:,.0f}{value_en} (how unsure the parameters are).",
        )
    ]


def _sum(value: float, currency: str | None) -> Words:
    """A bare number where its currency is not known."""
    if not currency:
        return Words(f"{value:,.0f}", f"{value:,.0f}")
    return Words(money(value, "zh", currency), money(value, "en", currency))


def _alive(document: CustomerValue, result: dict[str, Any]) -> list[Words]:
    if not result["model"]["leaving"]:
        return [
            Words(
                "从购买记录看不出有人停止购买：流失参数不能改进拟合，模型退化为 NBD，所有人的活跃概率为 100%。",
                "The purchases do not show that anybody leaves: leaving explains nothing more, the model becomes "
                "NBD, and everybody is active for certain.",
            )
        ]
    once = result["customers"] - result["repeaters"]
    if document.modified or not once:
        return []
    return [
        Words(
            f"BG/NBD 假设首购后不会立即流失：只买过一次的 {once:,} 人活跃概率恒为 100%。"
            "若不合实际，请改用 MBG/NBD。",
            f"In BG/NBD nobody leaves after their first purchase: the {once:,} who bought once are active for "
            "certain. Where that is wrong, use MBG/NBD.",
        )
    ]


def _tested(result: dict[str, Any]) -> list[Words]:
    tested = result["backtest"]
    if tested is None or tested["ratio"] is None:
        return [
            Words(
                "时间太短，无法回测：预测未经检验。",
                "There is too little time for a back-test: the forecast is not tested.",
            )
        ]
    ratio = tested["ratio"]
    good = _GOOD[0] <= ratio <= _GOOD[1]
    verdict = Words("预测可用", "fit for use") if good else Words("偏差较大，请谨慎使用", "far off")
    return [
        Words(
            f"回测 {tested['from']} 至 {tested['to']}：预测 {tested['predicted']:,.0f} 次，实际 "
            f"{tested['actual']:,} 次，实际 / 预测 = {ratio:.2f}，{verdict.zh}。",
            f"Back-test {tested['from']} to {tested['to']}: {tested['predicted']:,.0f} purchases predicted, "
            f"{tested['actual']:,} made, actual / predicted = {ratio:.2f}: {verdict.en}.",
        )
    ]


def _money(result: dict[str, Any]) -> list[Words]:
    if result["spending"] is None:
        return [
            Words(
                "再次购买且金额为正的客户太少，或金额分布不符合 Gamma-Gamma 模型：只预测次数，不预测金额。",
                "Too few bought again for money, or their money does not fit the Gamma-Gamma model: purchases are "
                "forecast, their money is not.",
            )
        ]
    related = result["correlation"]
    if related is None or abs(related) < RELATED:
        return []
    return [
        Words(
            f"购买频次与单次金额的相关系数为 {related:.2f}，模型假设两者无关，金额预测可能有偏。",
            f"How often and how much are correlated ({related:.2f}); the model takes them to be unrelated, so the "
            "money may be biased.",
        )
    ]


PAGE = Page(
    icon="chart-area-line",
    front=("range", "purchase", "model", "horizon", "view", "filters"),
    starts={"purchase": {"event": ""}},
    teaching=Teaching(
        Words("选择代表购买的事件", "Choose the event that is a purchase"),
        Words(
            "根据每位客户买过几次、最近一次何时、相识多久，预测其后若干周还会买多少、值多少，并用留出的时间检验。"
            "适用于没有合同、可以不告而别的购买。",
            "From how often and how recently each customer bought, forecasts what they will still buy and bring, "
            "and tests it on time held out. For purchases without a contract, where customers leave without a "
            "word.",
        ),
    ),
    words={
        "purchase": Words("购买事件", "Purchase"),
        "purchase.property": Words("金额属性", "Property that holds the amount"),
        "purchase.filters": Words("条件", "Conditions"),
        "model": Words("模型", "Model"),
        "model.bg_nbd": Words("BG/NBD", "BG/NBD"),
        "model.mbg_nbd": Words("MBG/NBD（首购后也可能流失）", "MBG/NBD (may leave after the first)"),
        "horizon": Words("预测多少周", "Weeks ahead"),
        "discount": Words("年折现率", "Discount rate a year"),
        "margin": Words("毛利率", "Margin"),
        "holdout": Words("回测留出多少周", "Weeks held out for the back-test"),
        "view.forecast": Words("按预期价值分组", "By expected value"),
        "view.backtest": Words("回测：各周", "Back-test by week"),
        "view.classes": Words("回测：按购买次数", "Back-test by frequency"),
    },
    help={
        "discount": Words("0.1 即每年 10%。", "0.1 is 10% a year."),
        "margin": Words(
            "价值应看毛利而非收入：1 为收入，0.3 为三成毛利。",
            "Value is margin, not revenue: 1 is revenue, 0.3 a margin of 30%.",
        ),
        "holdout": Words("不填为总时长的三分之一。", "A third of the time where empty."),
    },
    cells=_cells,
    marks=_marks,
    facts=_facts,
    notes=_notes,
)  # fmt: skip
