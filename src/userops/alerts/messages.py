"""What is told: what, its value, what it is compared with, since when, and where to look."""

from __future__ import annotations

from datetime import datetime

from babel.numbers import format_decimal, format_percent
from django.urls import reverse

from userops.alerts.judging import Verdict
from userops.alerts.models import Alert, Check, Kind, Rule
from userops.alerts.reading import Reading
from userops.notices.telling import Message
from userops.query.dates import short_label
from userops.words import Words

Event = Check.Event


def of(
    alert: Alert,
    reading: Reading,
    verdict: Verdict,
    since: str,
    event: str,
    places: Words | None = None,
) -> Message:
    """The message of a period that fired, is still outside, or is back to normal. `places`: where it moved."""
    period = short_label(verdict.period.key(), reading.unit)
    begun = short_label(since, reading.unit)
    value = _value(alert, reading, verdict, period)
    if event == Event.RECOVERED:
        title = Words(f"恢复正常：{alert.name}", f"Back to normal: {alert.name}")
        rest = Words(f"此前自 {begun} 起异常。", f"It had been outside since {begun}.")
    else:
        title = Words(f"告警：{alert.name}", f"Alert: {alert.name}")
        rest = Words(f"自 {begun} 起。", f"Since {begun}.")
    bounds = compared(alert, verdict)
    body = Words(f"{value.zh}；{bounds.zh}。{rest.zh}", f"{value.en}; {bounds.en}. {rest.en}")
    if places:
        body = Words(f"{body.zh}{places.zh}", f"{body.en} {places.en}")
    tone = "good" if event == Event.RECOVERED else "bad"
    key = f"alert:{alert.pk}:{verdict.period.key()}"
    return Message(key, title, body, link(alert), tone)


def test(alert: Alert, reading: Reading, verdict: Verdict | None, now: datetime) -> Message:
    """What is sent to see that messages arrive."""
    title = Words(f"测试：{alert.name}", f"Test: {alert.name}")
    if verdict is None:
        body = Words("还没有可比较的数据。", "There is nothing to compare yet.")
    else:
        period = short_label(verdict.period.key(), reading.unit)
        value, bounds = _value(alert, reading, verdict, period), compared(alert, verdict)
        body = Words(f"{value.zh}；{bounds.zh}。", f"{value.en}; {bounds.en}.")
    return Message(f"alert-test:{alert.pk}:{now.timestamp():.0f}", title, body, link(alert))


test.__test__ = False  # type: ignore[attr-defined]


def link(alert: Alert) -> str:
    return reverse("alerts:one", args=[alert.product.slug, alert.pk])


def _value(alert: Alert, reading: Reading, verdict: Verdict, period: str) -> Words:
    number = figure(verdict.value)
    return Words(
        f"{period} “{reading.words.zh}”为 {number}", f"“{reading.words.en}” was {number} ({period})"
    )


def compared(alert: Alert, verdict: Verdict) -> Words:
    """The bounds in words."""
    low, high = figure(verdict.low), figure(verdict.high)
    if alert.kind == Kind.ANOMALY:
        return _band(verdict, low, high)
    if alert.rule in (Rule.ABOVE, Rule.BELOW):
        limit = figure(alert.limit)
        if alert.rule == Rule.ABOVE:
            return Words(f"上限 {limit}", f"the upper limit is {limit}")
        return Words(f"下限 {limit}", f"the lower limit is {limit}")
    if verdict.base is None:
        return Words("没有可比较的值", "there is nothing to compare it with")
    base, limit = figure(verdict.base), _percent(alert.limit)
    than = {
        "previous": Words("上一周期", "the period before"),
        "season": Words("上周同期", "the same time a week before"),
    }[alert.base]
    change = "–" if verdict.value is None else _change(verdict.value, verdict.base)
    return Words(
        f"{than.zh}为 {base}，变化 {change}，允许 {limit}",
        f"{than.en} had {base}, a change of {change}, {limit} is allowed",
    )


def _band(verdict: Verdict, low: str, high: str) -> Words:
    if verdict.low is None and verdict.high is None:
        return Words("没有预期区间", "there is no expected range")
    if verdict.low is None:
        return Words(f"预期不高于 {high}", f"at most {high} was expected")
    if verdict.high is None:
        return Words(f"预期不低于 {low}", f"at least {low} was expected")
    return Words(f"预期区间 {low} – {high}", f"{low} – {high} was expected")


def figure(value: float | None) -> str:
    """The same in both languages: 1,234.5."""
    return "–" if value is None else format_decimal(round(value, 2), "#,##0.##", locale="en")


def _change(value: float, base: float) -> str:
    """Signed: +3.2%, −12%."""
    share = round((value - base) / abs(base), 3)
    return f"{'−' if share < 0 else '+' if share > 0 else ''}{_percent(abs(share))}"


def _percent(share: float) -> str:
    text: str = format_percent(share, "#,##0.#%", locale="en")
    return text
