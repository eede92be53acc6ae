"""A predicted value as rows: customers by tenths, the weeks of the back-test, or classes of customers."""

from __future__ import annotations

from datetime import date
from typing import Any

from userops.analyses.pricing import priced
from userops.analyses.table import Column, Table
from userops.analyses.value.backtest import OFTEN
from userops.analyses.value.document import CustomerValue
from userops.words import Words

CUSTOMERS = Words("客户数", "Customers")
PREDICTED = Words("预测", "Predicted")
ACTUAL = Words("实际", "Actual")
EXPECTED = Words("预期购买次数", "Expected purchases")
VALUE = Words("预期价值", "Expected value")
VALUE_SHARE = Words("占预期价值", "Share of value")
CLASSES = {
    str(often): Words(f"再次购买 {often} 次", f"{often} repeats") for often in range(OFTEN)
} | {str(OFTEN): Words(f"再次购买 {OFTEN} 次以上", f"{OFTEN} repeats or more")}
TENTHS = {str(n): Words(f"第 {n} 组", f"Tenth {n}") for n in range(1, 11)}

_FORECAST = (
    Column("tenth", Words("按预期价值分十组", "By expected value"), labels=TENTHS),
    Column("customers", CUSTOMERS, "whole"),
    Column("repeats", Words("平均再次购买", "Mean repeats"), "number"),
    Column("alive", Words("平均活跃概率", "Mean chance to be active"), "share"),
    Column("purchases", EXPECTED, "number"),
    Column("value", VALUE, "number"),
    Column("value_share", VALUE_SHARE, "share"),
)
_BACKTEST = (
    Column("week", Words("第几周", "Week"), "whole"),
    Column("start", Words("起始", "Start"), "date"),
    Column("predicted", Words("预测累计购买", "Predicted so far"), "number"),
    Column("actual", Words("实际累计购买", "Actual so far"), "whole"),
    Column("ratio", Words("实际 / 预测", "Actual / predicted"), "number"),
)
_CLASSES = (
    Column("repeats", Words("拟合期内", "While fitted"), labels=CLASSES),
    Column("customers", CUSTOMERS, "whole"),
    Column("predicted", Words("预测人均购买", "Predicted per customer"), "number"),
    Column("actual", Words("实际人均购买", "Actual per customer"), "number"),
)


def table(document: CustomerValue, result: dict[str, Any]) -> Table:
    tested = result["backtest"] or {"by_week": [], "classes": []}
    if document.view == "forecast":
        return _made(
            priced(_FORECAST, ("value",), result),
            [{**each, "tenth": str(each["tenth"])} for each in result["tenths"]],
        )
    if document.view == "classes":
        classes = [{**each, "repeats": str(each["repeats"])} for each in tested["classes"]]
        return _made(_CLASSES, classes)
    return _made(_BACKTEST, [_week(each) for each in tested["by_week"]])


def _week(each: dict[str, Any]) -> dict[str, Any]:
    ratio = each["actual"] / each["predicted"] if each["predicted"] else None
    return {**each, "start": date.fromisoformat(each["start"]), "ratio": ratio}


def _made(columns: tuple[Column, ...], lines: list[dict[str, Any]]) -> Table:
    return Table(columns, [tuple(line[column.name] for column in columns) for line in lines])
