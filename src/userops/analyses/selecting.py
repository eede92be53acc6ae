"""A chosen number in words: what its analysis writes as `{"step": 2, "what": "dropped"}`."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any

from userops.analyses.breakdown import group_words, value_words
from userops.query.codes import RFM
from userops.words import Words

_PARTS: dict[str, Words] = {
    "start": Words("{}", "{}"),
    "step": Words("第 {} 步", "step {}"),
    "series": Words("指标 {}", "figure {}"),
    "breakdown": Words("{}", "{}"),
    "cohort": Words("{} 开始的一批", "cohort of {}"),
    "period": Words("第 {} 期", "period {}"),
    "group": Words("分组 {}", "group {}"),
    "band": Words("分档 {}", "band {}"),
    "bucket": Words("分段 {}", "bucket {}"),
    "tenth": Words("第 {} 个十分之一", "tenth {}"),
    "intervals": Words("活跃 {} 个周期", "active in {} intervals"),
    "days": Words("近 {} 天活跃", "active in the last {} days"),
    "channel": Words("渠道 {}", "channel {}"),
    "model": Words("模型 {}", "model {}"),
    "from": Words("从 {}", "from {}"),
    "to": Words("到 {}", "to {}"),
    "recency": Words("R {} 分", "R score {}"),
    "frequency": Words("F {} 分", "F score {}"),
    "node": Words("节点 {}", "node {}"),
    "name": Words("{}", "{}"),
    "value": Words("取值 {}", "value {}"),
}
_RFM_GROUPS = frozenset({"group", "from", "to"})
_VALUES: dict[tuple[str, Any], Words] = {
    ("what", "converted"): Words("转化的人", "converted"),
    ("what", "dropped"): Words("流失的人", "dropped off"),
    ("what", "touches"): Words("触点", "touches"),
    ("state", "new"): Words("新增", "new"),
    ("state", "retained"): Words("留存", "retained"),
    ("state", "returning"): Words("留存", "returning"),
    ("state", "resurrected"): Words("回流", "resurrected"),
    ("state", "dormant"): Words("流失", "dormant"),
    ("state", "churned"): Words("流失", "churned"),
    ("did", True): Words("做过的人", "did it"),
    ("did", False): Words("没做过的人", "did not do it"),
    ("reached", True): Words("达到目标", "reached the goal"),
    ("at_least", True): Words("至少", "at least"),
    ("comparison", True): Words("对比时段", "the compared range"),
    ("bounced", True): Words("跳出的人", "bounced"),
    ("period", "base"): Words("基期", "the base period"),
    ("period", "now"): Words("本期", "the current period"),
    ("band", "very_high"): Words("很高", "very high"),
    ("band", "high"): Words("高", "high"),
    ("band", "medium"): Words("中", "medium"),
    ("band", "low"): Words("低", "low"),
    ("from", "absent"): Words("从 期内未购买", "from no purchase in the range"),
    ("to", "absent"): Words("到 期内未购买", "to no purchase in the range"),
    ("side", "group"): Words("这群人", "these people"),
    ("side", "rest"): Words("其他人", "the others"),
}


def selection_words(selection: Mapping[str, Any]) -> Words:
    """One selection, its parts in order; a part that has no words of its own stands as `name = value`.

    >>> selection_words({"step": 2, "what": "dropped"}).en
    'step 2 · dropped off'
    """
    parts = [_part(name, value) for name, value in selection.items()]
    if not parts:
        return Words("全部", "all")
    return Words(" · ".join(each.zh for each in parts), " · ".join(each.en for each in parts))


def _part(name: str, value: Any) -> Words:
    if isinstance(value, str | bool) and (words := _VALUES.get((name, value))):
        return words
    if name == "series" and isinstance(value, int) and 0 <= value < len(ascii_uppercase):
        value = ascii_uppercase[value]
    told = group_words(value) if name == "breakdown" else _value(value)
    if name in _RFM_GROUPS:
        told = RFM.get(f"${value}", told)
    words = _PARTS.get(name, Words(f"{name} = {{}}", f"{name} = {{}}"))
    return Words(words.zh.replace("{}", told.zh), words.en.replace("{}", told.en))


def _value(value: Any) -> Words:
    if isinstance(value, Mapping):
        named = [(name, _value(each)) for name, each in value.items()]
        return Words(
            "，".join(f"{name} = {each.zh}" for name, each in named),
            ", ".join(f"{name} = {each.en}" for name, each in named),
        )
    if isinstance(value, list | tuple):
        each = [_value(one) for one in value]
        return Words("、".join(one.zh for one in each), ", ".join(one.en for one in each))
    if isinstance(value, str):
        return value_words(value)
    text = str(value).lower() if isinstance(value, bool) else f"{value}"
    return Words(text, text)
