"""Numbers, times and signs as people read them; the twin of `static/userops/js/numbers.js`.

Every filter takes `None` (and not-a-number) and answers with a dash: an unknown figure is never 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal
from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from userops.money import locale_of
from userops.money import money as sum_of_money
from userops.publishing import numbers
from userops.words import Words, minus

register = template.Library()
register.filter(minus)

DASH = numbers.DASH
_known = numbers.known


def language() -> str:
    return get_language() or "zh"


def locale() -> Locale:
    return locale_of(language())


@register.filter
def number(value: Any) -> str:
    """1234567.5 → 1,234,567.5: all digits, at most two decimals."""
    return numbers.number(value, language()) if _known(value) else DASH


@register.filter
def fixed(value: Any, digits: int) -> str:
    """{{ score|fixed:1 }}: 7.5 → 7.5, 7 → 7.0."""
    return numbers.fixed(value, digits, language()) if _known(value) else DASH


@register.filter
def signed(value: Any, digits: int) -> str:
    """{{ change|signed:1 }}, a difference: 0.6 → +0.6."""
    text = fixed(value, digits)
    return f"+{text}" if _known(value) and round(value, digits) > 0 else text


@register.filter
def between(interval: Sequence[float] | None, digits: int) -> str:
    """{{ score.interval|between:1 }}: −3.4 – 7.3."""
    return " – ".join(fixed(end, digits) for end in interval) if interval else DASH


@register.filter
def money(value: Any, product: Any) -> str:
    """{{ sum|money:product }}: in the product's currency."""
    return sum_of_money(value, language(), product.currency) if _known(value) else DASH


@register.filter
def compact(value: Any) -> str:
    """From ten thousand on: 12345 → 1.2万 · 12.3k; below: all digits."""
    return numbers.compact(value, language()) if _known(value) else DASH


@register.filter
def percent(value: Any) -> str:
    """A share as a percentage with one decimal: 0.1234 → 12.3%."""
    return numbers.share(value, language()) if _known(value) else DASH


@register.filter
def gain(value: Any) -> str:
    """A difference of counts, signed: 1234 → +1,234."""
    return numbers.gain(value, language()) if _known(value) else DASH


@register.filter
def points(value: Any) -> str:
    """A difference of shares in percentage points, signed: 0.0123 → +1.23 points."""
    return numbers.points(value, language()) if _known(value) else DASH


@register.filter
def points_to(low: Any, high: Any) -> str:
    """{{ low|points_to:high }}, an interval of such differences: −3.18 – +1.88 points."""
    unit = numbers.POINTS.text(language())
    return f"{points(low).removesuffix(unit)} – {points(high)}"


@register.filter
def share(part: Any, whole: Any) -> str:
    """{{ part|share:whole }}: 12.3%; a dash when there is no whole."""
    return percent(part / whole) if _known(part) and _known(whole) and whole else DASH


@register.filter
def k_of_n(part: Any, whole: Any) -> str:
    """{{ part|k_of_n:whole }}: 12/345, to stand beside small percentages."""
    return numbers.k_of_n(part, whole, language())


@register.filter
def heat(value: Any) -> str:
    """The class of a heat-map cell for a share from 0 to 1: heat-0 … heat-10."""
    if not _known(value):
        return ""
    return f"heat-{min(10, max(0, math.ceil(value * 10)))}"


@register.simple_tag
def change(now: Any, before: Any, base: str = "", unit: str = "percent") -> SafeString:
    """A signed change with arrow, word and the name of what it is compared with.

    `unit="percent"` for counts, `"points"` for shares (percentage points).
    """
    text = f" {base}" if base else ""
    if not _known(now) or not _known(before) or (unit == "percent" and before == 0):
        return format_html(
            '<span class="muted">{}{}</span>', pgettext("change", "no comparison"), text
        )
    difference = (now - before) * 100 if unit == "points" else (now - before) / abs(before)
    if abs(difference) < (0.05 if unit == "points" else 0.0005):
        return format_html("<span>{}</span>{}", pgettext("change", "unchanged"), text)
    if unit == "points":
        size = format_decimal(abs(difference), "#,##0.0", locale=locale())
        size += numbers.POINTS.text(language())
    else:
        size = percent(abs(difference))
    tone, arrow, word = (
        ("rise", "↑", pgettext("change", "up"))
        if difference > 0
        else ("fall", "↓", pgettext("change", "down"))
    )
    return format_html(
        '<span class="{}"><span aria-hidden="true">{}</span>'
        '<span class="sr-only">{}</span> {}</span>{}',
        tone,
        arrow,
        word,
        size,
        text,
    )


@register.simple_tag
def sparkline(
    values: Sequence[float | None],
    unfinished: int = 0,
    notes: Sequence[tuple[int, str, str]] = (),
) -> SafeString:
    """A small line without axes, zero at the foot; the last `unfinished` points are dashed. `notes`: what
    happened at which point: its place, its kind, and a text for those who point at it."""
    points = [float(value) if _known(value) else 0.0 for value in values]
    if len(points) < 2:
        return SafeString("")
    top = max(*points, 1e-9)
    step = 100 / (len(points) - 1)
    places = [f"{i * step:.1f},{29 - value / top * 26:.1f}" for i, value in enumerate(points)]
    done = max(1, len(points) - unfinished)
    tail = places[done - 1 :] if unfinished else []
    return format_html(
        '<svg class="spark" viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true">'
        '<path class="area" d="M0,30 L{} L{},30 Z"/><path d="M{}"/>{}{}</svg>',
        " L".join(places[:done]),
        f"{(done - 1) * step:.1f}",
        " L".join(places[:done]),
        format_html('<path class="unfinished" d="M{}"/>', " L".join(tail)) if tail else "",
        format_html_join(
            "",
            '<path class="noted {}" d="M{},0 V30"><title>{}</title></path>',
            ((kind, f"{at * step:.1f}", text) for at, kind, text in notes),
        ),
    )


@register.filter
def moment(value: Any, place: Any = None) -> SafeString | str:
    """{{ time|moment:product }}: 2026-11-22 20:05 in the product's zone, named in the title."""
    if not isinstance(value, datetime):
        return DASH
    zone = _zone(place)
    local = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(zone)
    return format_html(
        '<time datetime="{}" title="{} {}" class="number nowrap">{}</time>',
        local.isoformat(timespec="seconds"),
        f"{local:%Y-%m-%d %H:%M:%S}",
        str(zone),
        f"{local:%Y-%m-%d %H:%M}",
    )


@register.filter
def day(value: Any) -> str:
    """2026年11月22日 · Nov 22, 2026."""
    return numbers.day(value, language()) if isinstance(value, date) else DASH


_JUST_NOW = 5
_NOW = Words("刚刚", "just now")


@register.filter
def ago(value: Any) -> str:
    """3 分钟前 · 3 minutes ago."""
    if not isinstance(value, datetime):
        return DASH
    since = (value if value.tzinfo else value.replace(tzinfo=UTC)) - datetime.now(UTC)
    seconds = round(since.total_seconds())
    if abs(seconds) > 3_600:  # nobody sees the seconds of hours
        seconds = seconds // 60 * 60
    return _ago(seconds, language())


@lru_cache(8_192)
def _ago(seconds: int, written: str) -> str:
    if abs(seconds) < _JUST_NOW:
        return _NOW.text(written)
    # a list shows hundreds, and many are the same
    since, place = timedelta(seconds=seconds), locale_of(written)
    return numbers.spaced(format_timedelta(since, add_direction=True, locale=place))


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """What `<c-icon>` draws, for places where many are: a component costs ten times as much."""
    return _drawn(name, f"i i-{size}" if size else "i")


@cache
def _drawn(name: str, looks: str) -> SafeString:
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        looks,
        static("vendor/icons.svg"),
        name,
    )


@register.filter
def type_name(kind: Any) -> str:
    """The name of a property's type, such as number → 数值."""
    names = {
        "text": pgettext("type of value", "text"),
        "number": pgettext("type of value", "number"),
        "boolean": pgettext("type of value", "yes or no"),
        "list": pgettext("type of value", "list"),
        "object": pgettext("type of value", "object"),
    }
    return names.get(str(kind), str(kind))


@register.filter
def duration(seconds: Any) -> str:
    """129600 seconds → 1.5 天 · 1.5 days: the largest unit that keeps one or more."""
    return numbers.seconds(seconds, language()) if _known(seconds) else DASH


@register.filter
def span(value: Any) -> str:
    """A length of time in hours and minutes: 2 小时 30 分 · 2 h 30 min; seconds only below a minute."""
    return numbers.span(value, language()) if isinstance(value, timedelta) else DASH


@register.filter
def working(minutes: Any) -> str:
    """Minutes of working time: 90 → 1 小时 30 分 · 1 h 30 min."""
    return numbers.span(timedelta(minutes=minutes), language()) if _known(minutes) else DASH


@register.filter
def clock(value: Any, place: Any = None) -> str:
    """{{ time|clock:calendar }}: 20:05 in the zone of a product, a calendar, or by its name."""
    return f"{value.astimezone(_zone(place)):%H:%M}" if isinstance(value, datetime) else DASH


@register.filter
def month_name(value: Any) -> str:
    """10月 · October."""
    return format_date(value, "LLLL", locale=locale()) if isinstance(value, date) else DASH


def _zone(place: Any) -> ZoneInfo:
    """From a product or a calendar, a zone's name, or nothing (UTC)."""
    name = getattr(place, "timezone", place)
    return ZoneInfo(name) if isinstance(name, str) and name else ZoneInfo("UTC")


@register.filter
def words(value: Any) -> str:
    """`Words` in the reader's language; anything else as it is."""
    return value.text(language()) if isinstance(value, Words) else str(value)
