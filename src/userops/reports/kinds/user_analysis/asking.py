"""What the questions of the report are made of: events of a role, properties that are there, and one trend over the
whole period."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from userops.reports.outline import NotComputable
from userops.reports.subject import ANY, Subject
from userops.words import Words

Question = dict[str, Any]
GROUPS = 8
"""Values of a property that are told apart."""


def times(event: str = ANY, *filters: Mapping[str, Any], **more: Any) -> Question:
    """How often."""
    return {"event": event, **({"filters": list(filters)} if filters else {}), **more}


def users(event: str = ANY, *filters: Mapping[str, Any], **more: Any) -> Question:
    """How many persons."""
    return times(event, *filters, measure="users", **more)


def over_the_whole(subject: Subject, *series: Question, **more: Any) -> Question:
    """A trend of few steps, of which the totals are read."""
    return {"kind": "trend", "unit": coarse(subject), "series": list(series), **more}


def by(*breakdown: Any, limit: int = GROUPS) -> Question:
    return {"breakdown": list(breakdown), "limit": limit}


def step_by_step(subject: Subject, *series: Question, **more: Any) -> Question:
    """A trend whose axis is looked at."""
    return {"kind": "trend", "unit": subject.unit, "series": list(series), **more}


def against_before(subject: Subject) -> Question:
    return {"compare": "previous_period"} if subject.before_is_whole else {}


def against_last_year(subject: Subject) -> Question:
    """Raises `NotComputable` while there are fewer than 13 months."""
    if not subject.year_known:
        raise NotComputable(
            "历史不足 13 个月，暂无同比。",
            "There are fewer than 13 months of data: no comparison with last year.",
        )
    return {"compare": "same_period_last_year"}


def purchase_of(subject: Subject) -> str:
    found = subject.role("purchase")
    if not found:
        raise NotComputable(
            "这个产品没有可识别的支付事件，价值相关的图表不出；可在报告设置里指定 purchase。",
            "No purchase event was recognised, so figures of value are left out; name one in the settings.",
        )
    return found


def amount_of(subject: Subject) -> str:
    purchase_of(subject)
    if not subject.amount:
        raise NotComputable(
            "支付事件没有金额属性，金额相关的图表不出；可在报告设置里指定 amount。",
            "The purchase carries no amount, so figures of money are left out; name one in the settings.",
        )
    return subject.amount


TOLD_APART = (
    ("platform", "event"), ("app_version", "event"), ("city", "event"), ("member_level", "user"),
)  # fmt: skip
"""Properties by which figures of their own tell users apart, and whose they are."""


def _lacking(subject: Subject, name: str, of: str) -> tuple[str, str]:
    """One reason for all figures that lack their property: it stands once."""
    lacking = [name]
    if (name, of) in TOLD_APART:
        lacking = [each for each, whose in TOLD_APART if not subject.has(each, whose)]
    zh, en = "、".join(lacking), ", ".join(lacking)
    plural = "properties" if len(lacking) > 1 else "property"
    return f"数据里没有属性 {zh}，不出相应图表。", f"The data has no {plural} {en}."


def property_of(subject: Subject, name: str, of: str = "event") -> dict[str, str]:
    if not subject.has(name, of):
        raise NotComputable(*_lacking(subject, name, of))
    return {"property": name, "of": of}


def main_segment(subject: Subject) -> dict[str, str]:
    """The property by which groups are told apart, the channel where there is one."""
    found = subject.segments()
    if not found:
        raise NotComputable(
            "数据里没有渠道、平台、城市等可分群的属性。",
            "There is no channel, platform, city or the like to tell groups apart.",
        )
    name, of = found[0]
    return {"property": name, "of": of}


def by_main_segment(title: Words) -> Callable[[Subject], Words]:
    """A title that says by what the groups are told apart."""

    def titled(subject: Subject) -> Words:
        name = next((name for name, _of in subject.segments()), "")
        if not name:
            return Words(f"{title.zh}分群", f"{title.en} segment")
        words = subject.named_properties.get(name, Words(name, name))
        return Words(f"{title.zh}“{words.zh}”", f"{title.en} {words.en.lower()}")

    return titled


def coarse(subject: Subject) -> str:
    """A unit of which the period has few, for questions about the whole of it."""
    return (
        "week" if subject.period.days <= 92 else "month" if subject.period.days < 1100 else "year"
    )
