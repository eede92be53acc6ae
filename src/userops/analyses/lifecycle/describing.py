"""The exact definition of a lifecycle in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.lifecycle.document import Lifecycle
from userops.analyses.lifecycle.states import ACTIVE, STATES
from userops.query.dates import UNIT_WORDS
from userops.words import Words

_FIRST: dict[str, Words] = {
    "event": Words(
        "“首次”指全部历史中第一次满足上述条件，不限于所选日期",
        "“first ever” looks at the whole history of that activity, not only at the range",
    ),
    "any_event": Words(
        "“首次”指全部历史中的第一个任意事件，不受筛选条件限制",
        "“first ever” is the person's first event of any kind, whatever the filters",
    ),
}


def describe(document: Lifecycle) -> Words:
    unit, dates = UNIT_WORDS[document.unit], document.range.describe()
    step, first = document.step().describe(), _FIRST[document.new_by]
    states = [state.sentence for state in (*STATES, ACTIVE)]
    zh = "；".join(state.zh.replace("{unit}", unit.zh) for state in states)
    en = "; ".join(state.en.replace("{unit}", unit.en) for state in states)
    return Words(
        f"活跃指发生过{step.zh}；按{unit.zh}统计，涵盖 {dates.zh} 所涉及的完整{unit.zh}；{zh}；"
        f"{first.zh}；用户按合并后的个人去重；日期按产品时区划分，每周从周一开始；"
        f"未结束的{unit.zh}单独标明，不计入平均值。",
        f"Active means did {step.en}; by {unit.en}, over the whole {unit.en}s that {dates.en} "
        f"touches; {en}; {first.en}; users are persons after merging; days are those of the "
        f"product's time zone and weeks begin on Monday; an unfinished {unit.en} is marked and "
        "left out of averages.",
    )
