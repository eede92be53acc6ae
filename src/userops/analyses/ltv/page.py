"""How the workbench shows an LTV."""

from __future__ import annotations

from typing import Any

from userops.analyses.ltv.describing import SHOWN
from userops.analyses.ltv.document import Ltv
from userops.analyses.ltv.table import AVERAGE, column_name, shown, type_of
from userops.analyses.page import Cells, Fact, Heat, HeatCell, HeatLine, Page, Selection, Teaching
from userops.analyses.pricing import money_type
from userops.analyses.table import Table
from userops.words import Words


def _cells(document: Ltv, result: dict[str, Any], table: Table) -> Cells:
    """The last row of each part is the average, of finished cells only: nobody stands behind it."""
    parts = [None, *(part["breakdown"] for part in result["breakdown"])]
    starts = [cohort["start"] for cohort in result["cohorts"]]
    return [
        [_cell(column.name, start, part) for column in table.columns]
        for part in parts
        for start in [*starts, None]
    ]


def _cell(column: str, start: str | None, part: dict[str, str] | None) -> Selection | None:
    name, _, period = column.partition("_")
    if start is None or (name != "value" and column != "size"):
        return None
    selection: Selection = {"cohort": start}
    if name == "value":
        selection["period"] = int(period)
    return {**selection, "breakdown": part} if part else selection


def _heat(document: Ltv, result: dict[str, Any]) -> Heat:
    average = shown(document, result)
    cells = [value for cohort in result["cohorts"] for value in cohort[document.show]]
    most = max((value for value in cells if value is not None), default=0) or 1
    return Heat(
        title=Words(f"群组 · {SHOWN[document.show].zh}", f"Cohorts · {SHOWN[document.show].en}"),
        columns=[column_name(document, n) for n in range(document.periods + 1)],
        average=HeatLine(AVERAGE, None, [HeatCell(v, _depth(v, most)) for v in average]),
        lines=[_line(document, cohort, most) for cohort in result["cohorts"]],
        type=type_of(document, result),
        note=_note(document),
    )


def _note(document: Ltv) -> Words:
    figure = SHOWN[document.show]
    return Words(
        f"第 n 列：到该期末的{figure.zh}。斜线格尚未结束，平均值不含。",
        f"Column n: {figure.en}, by the end of that period. Hatched cells are not over; averages leave "
        "them out.",
    )


def _line(document: Ltv, cohort: dict[str, Any], most: float) -> HeatLine:
    cells = [
        HeatCell(
            value,
            _depth(value, most),
            period in cohort["unfinished"],
            {"cohort": cohort["start"], "period": period} if cohort["payers"][period] else None,
        )
        for period, value in enumerate(cohort[document.show])
    ]
    return HeatLine(Words(cohort["start"], cohort["start"]), cohort["size"], cells)


def _depth(value: float | None, most: float) -> float | None:
    return None if value is None else max(0.0, value / most)


def _facts(document: Ltv, result: dict[str, Any]) -> list[Fact]:
    known = [v for v in result["average"]["per_user"] if v is not None]
    facts = [Fact(Words("人数", "Users"), result["size"], "whole")]
    if known:
        name = column_name(document, len(known) - 1)
        facts.append(
            Fact(Words(f"LTV（{name.zh}）", f"LTV ({name.en})"), known[-1], money_type(result))
        )
    if document.cost is not None:
        facts.append(Fact(Words("回本期", "Paid back in period"), result["payback"], "whole"))
        if known:
            facts.append(Fact(Words("LTV / 成本", "LTV / cost"), known[-1] / document.cost))
    return facts


PAGE = Page(
    icon="coins",
    front=(
        "range", "unit", "start", "purchase", "refund", "periods", "show", "cost", "breakdown", "filters",
    ),
    starts={"start": {"event": "*"}, "purchase": {"event": ""}},
    teaching=Teaching(
        Words("选择带来收入的事件", "Choose the event that brings money"),
        Words(
            "LTV 把用户按首次到来的时间分成群组，看每组用户到第 n 期为止人均带来多少金额、多少人付过费、何时回本。"
            "先选付费事件，例如“支付成功”。",
            "LTV puts users into cohorts by when they first came and shows what each has brought in per user "
            "by period n, how many have paid, and when their cost is paid back. Start with the event of a "
            "payment.",
        ),
    ),
    words={
        "purchase": Words("付费事件", "Purchase"),
        "purchase.property": Words("金额属性", "Property that holds the amount"),
        "refund": Words("退款事件", "Refund"),
        "refund.property": Words("退款金额属性", "Property that holds the refunded amount"),
        "purchase.filters": Words("条件", "Conditions"),
        "refund.filters": Words("条件", "Conditions"),
        "show": Words("查看指标", "Show figure"),
        **{f"show.{name}": words for name, words in SHOWN.items()},
        "cost": Words("获客成本（每人）", "Cost of a user"),
    },
    add={"refund": Words("添加退款事件", "Add a refund event")},
    help={"cost": Words("填写后显示回本期。", "Given one, the pay-back period is shown.")},
    cells=_cells,
    shares=lambda document, result: type_of(document, result) == "share",
    facts=_facts,
    whole=lambda result: len(result["cohorts"]) + 1,
    heat=_heat,
)  # fmt: skip
