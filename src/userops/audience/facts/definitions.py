"""The facts that are computed of each person: one record owns the name, the words and the definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from userops.query.codes import LIFECYCLE, RFM
from userops.words import Words

FactType = Literal["day", "number", "text"]
WINDOWS = (7, 30, 90)
"""Days back from the as-of day in which active days are counted."""
RFM_DAYS = 365
TIMEOUT_MS = 30 * 60_000
"""A session ends after so long without an event, as in the analysis of sessions."""
LIFECYCLE_DAYS = 7

_WEEKDAYS = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Fact:
    """`values`: words for values that are codes. `name` is that of a user property in documents."""

    name: str
    words: Words
    sentence: Words
    type: FactType
    values: Mapping[str, Words] = field(default_factory=dict)

    def shown(self, value: str) -> Words:
        """A value as a reader sees it."""
        return self.values.get(value) or Words(value, value)


def _active(days: int) -> Fact:
    return Fact(
        f"$active_days_{days}",
        Words(f"近 {days} 天活跃天数", f"Active days, last {days}"),
        Words(
            f"截止日往前 {days} 天内（含截止日）有任意事件的天数",
            f"days with any event among the {days} days that end with the as-of day",
        ),
        "number",
    )


FACTS: tuple[Fact, ...] = (
    Fact(
        "$first_seen",
        Words("首次出现", "First seen"),
        Words("第一个事件所在的日期", "the day of the first event"),
        "day",
    ),
    Fact(
        "$last_seen",
        Words("最近出现", "Last seen"),
        Words("截止日及以前最后一个事件所在的日期", "the day of the last event up to the as-of day"),
        "day",
    ),
    *(_active(days) for days in WINDOWS),
    Fact(
        "$events",
        Words("累计事件数", "Events"),
        Words("截止日及以前的全部事件", "all events up to the as-of day"),
        "number",
    ),
    Fact(
        "$sessions",
        Words("累计会话数", "Sessions"),
        Words(
            "带会话标识的事件按标识计；其余事件间隔超过 30 分钟即为新会话",
            "events with a session id count by id; of the others a new session begins after more than "
            "30 minutes without an event",
        ),
        "number",
    ),
    Fact(
        "$amount",
        Words("累计金额", "Amount"),
        Words(
            "金额属性在全部事件中的合计，没有金额的用户为 0",
            "the value property summed over all events; 0 for people without any",
        ),
        "number",
    ),
    Fact(
        "$rfm",
        Words("RFM 分组", "RFM group"),
        Words(
            f"截止日往前 {RFM_DAYS} 天内带金额的事件按 RFM 分析的默认口径（五分位）分组；期内没有的用户无值",
            f"the group by RFM analysis with its defaults (quintiles) over events with a value in the "
            f"{RFM_DAYS} days that end with the as-of day; nothing for people without any",
        ),
        "text",
        RFM,
    ),
    Fact(
        "$lifecycle",
        Words("生命周期阶段", "Lifecycle state"),
        Words(
            "以截止日往前 {days} 天为本期、再往前 {days} 天为上期：首次出现在本期为新增，两期都活跃为留存，"
            "本期活跃而上期不活跃为回流，上期活跃而本期不活跃为流失，两期都不活跃为沉默",
            "this period is the {days} days that end with the as-of day, the one before the {days} days before "
            "it: new = first ever event in this period; returning = active in both; resurrected = active in "
            "this one only; dormant = active in the one before only; inactive = active in neither",
        ),
        "text",
        LIFECYCLE,
    ),
    Fact(
        "$favourite",
        Words("偏好品类", "Favourite category"),
        Words(
            "品类属性在该用户事件中出现最多的值；次数相同取文本顺序最后的",
            "the value of the category property that the person's events carry most often; of equally "
            "frequent ones the last in the order of text",
        ),
        "text",
    ),
    Fact(
        "$preferred_hour",
        Words("偏好时段", "Preferred hour"),
        Words(
            "事件最多的小时（产品时区，0–23）；次数相同取较晚的",
            "the hour of day with the most events (product's time zone, 0–23); of equals the later one",
        ),
        "text",
        {f"{hour:02}": Words(f"{hour} 时", f"{hour:02}:00") for hour in range(24)},
    ),
    Fact(
        "$preferred_weekday",
        Words("偏好星期", "Preferred weekday"),
        Words(
            "事件最多的星期（1 为周一）；次数相同取靠后的",
            "the weekday with the most events (1 is Monday); of equals the later one",
        ),
        "text",
        {
            str(at + 1): Words(f"周{zh}", en)
            for at, (zh, en) in enumerate(zip(_WEEKDAYS, _WEEKDAYS_EN, strict=True))
        },
    ),
    Fact(
        "$first_channel",
        Words("首次渠道", "First channel"),
        Words("第一个带渠道的事件的渠道", "the channel of the first event that carries one"),
        "text",
    ),
    Fact(
        "$main_platform",
        Words("主要平台", "Main platform"),
        Words(
            "事件最多的平台；次数相同取文本顺序最后的",
            "the platform with the most events; of equally frequent ones the last in the order of text",
        ),
        "text",
    ),
)  # fmt: skip
BY_NAME: dict[str, Fact] = {fact.name: fact for fact in FACTS}


def sentence_of(fact: Fact, lifecycle_days: int) -> Words:
    """The exact definition of a fact with a product's settings."""
    days = str(lifecycle_days)
    return Words(fact.sentence.zh.replace("{days}", days), fact.sentence.en.replace("{days}", days))


def day_text(day: date) -> str:
    return day.isoformat()


def number_text(value: float) -> str:
    """A number as the engine would write it: `3`, `2.5`."""
    return str(int(value)) if float(value).is_integer() else repr(round(float(value), 6))
