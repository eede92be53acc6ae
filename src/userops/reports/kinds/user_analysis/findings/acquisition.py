"""New users: single days and stretches on which a group brought far more than usual.

Of all new users of a group, how many fall into the stretch (binomial), widened by how much its days vary;
all days, stretches and groups that are looked at share one error (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean, median, pvariance

import scipy

from userops.reports.book import Book, Finding, Frozen
from userops.reports.outline import Rule
from userops.reports.quoting import Quote
from userops.words import Words

SURE = 0.01
PEAK, LASTING = 3.0, 1.6
"""How many times its usual a day, or a stretch of days, must bring."""
SHORTEST = 5
LEAST = 10


@dataclass(frozen=True, slots=True)
class Stretch:
    first: int
    last: int
    mean: float
    usual: float
    p: float


def _series(figure: Frozen, over: str) -> list[tuple[int, str, list[int], list[str]]]:
    """Of each group: its place, its value, new users by day, and the days, as far as they are over."""
    found = []
    for place, each in enumerate(figure.result["breakdown"]):
        value = str(next(iter(each["breakdown"].values())))
        if value != "$others":
            cohorts = [each for each in each["cohorts"] if each["start"] < over]
            found.append(
                (place, value, [c["size"] for c in cohorts], [c["start"] for c in cohorts])
            )
    return found


def _spread(counts: Sequence[int]) -> float:
    """Variance over mean, at least that of Poisson."""
    mean = fmean(counts)
    return max(1.0, pvariance(counts) / mean) if mean else 1.0


def _tail(count: float, total: float, share: float, spread: float) -> float:
    """The chance that so many or more of all fall into this share of the days, if all days were alike; counts
    that vary more than Poisson are worth less."""
    return float(scipy.special.bdtrc(round(count / spread) - 1, round(total / spread), share))


def peaks(book: Book) -> Iterator[Finding]:
    """A day on which one group brought several times its usual new users."""
    figure = book["newcomers"]
    series = _series(figure, book.subject.today.isoformat())
    tests = sum(len(counts) for _, _, counts, _ in series)
    for place, _value, counts, days in series:
        top = max(range(len(counts)), key=lambda at: counts[at], default=None)
        if top is None or len(counts) < 14:
            continue
        others = counts[:top] + counts[top + 1 :]
        usual = max(fmean(others), 0.5)
        p = tests * _tail(counts[top], sum(counts), 1 / len(counts), _spread(others))
        if counts[top] >= LEAST and counts[top] >= PEAK * usual and p < SURE:
            yield _peak(figure, book, place, top, others, date.fromisoformat(days[top]))


def _peak(
    figure: Frozen, book: Book, place: int, top: int, others: list[int], day: date
) -> Finding:
    name, when = _who(figure, place), _day(figure, place, top)
    count = figure.quote(f"peak_{place}", f"breakdown/{place}/cohorts/{top}/size")
    usual = figure.derived(f"usual_{place}", fmean(others), "number", count)
    times = figure.derived(
        f"times_{place}", count.value / max(usual.value, 0.5), "number", count, usual
    )
    zh, en = _noted(book, day, day)
    return Finding(
        Words(
            f"“{name}”在 {when} 一天带来 {count} 名新用户，是其平日（日均 {usual} 人）的 {times} 倍{zh}。"
            "请单独看这批人的留存，别让一天的量掩盖质量。",
            f"{name} brought {count} new users on {when} alone{en}: {times} times its usual {usual} a day. Look at "
            "the retention of these users on their own: a day’s volume can hide its quality.",
        ),
        key=f"peak_{figure.at(f'breakdown/{place}/breakdown')}"[:80],
        weight=3.0,
    )


def stretches(book: Book) -> Iterator[Finding]:
    """A stretch of days in which one group brought clearly more new users than at other times."""
    figure = book["newcomers"]
    series = _series(figure, book.subject.today.isoformat())
    tests = sum(len(counts) ** 2 // 2 for _, _, counts, _ in series)
    for place, _value, counts, days in series:
        found = best_stretch(_without_peak(counts))
        if found is None or found.p * tests >= SURE or found.mean < LASTING * found.usual:
            continue
        yield _stretch(figure, book, place, found, days)


def _without_peak(counts: list[int]) -> list[int]:
    """One day far out is no stretch: it counts as a usual one."""
    if not counts:
        return counts
    top, middle = counts.index(max(counts)), median(counts)
    usual = counts[top] < PEAK * max(middle, 1)
    return counts if usual else [*counts[:top], round(middle), *counts[top + 1 :]]


def best_stretch(counts: Sequence[int]) -> Stretch | None:
    """The stretch of at least five days and at most half of all that stands out most."""
    length, total = len(counts), sum(counts)
    if length < 21 or total < 2 * LEAST:
        return None
    best: Stretch | None = None
    for first in range(length - SHORTEST + 1):
        inside = sum(counts[first : first + SHORTEST - 1])
        for last in range(first + SHORTEST - 1, min(length, first + length // 2)):
            inside += counts[last]
            days = last - first + 1
            usual = (total - inside) / (length - days)
            if usual <= 0 or inside < LASTING * usual * days:
                continue
            outside = [*counts[:first], *counts[last + 1 :]]
            p = _tail(inside, total, days / length, _spread(outside))
            if best is None or p < best.p:
                best = Stretch(first, last, inside / days, usual, p)
    return best


def _stretch(figure: Frozen, book: Book, place: int, found: Stretch, days: list[str]) -> Finding:
    name = _who(figure, place)
    first, last = _day(figure, place, found.first, "from"), _day(figure, place, found.last, "to")
    sizes = [
        figure.quote(f"size_{place}_{at}", f"breakdown/{place}/cohorts/{at}/size")
        for at in range(found.first, found.last + 1)
    ]
    mean = figure.derived(f"mean_{place}", fmean(q.value for q in sizes), "number", *sizes)
    usual = figure.derived(f"else_{place}", found.usual, "number")
    times = figure.derived(f"lift_{place}", mean.value / found.usual, "number", mean, usual)
    zh, en = _noted(
        book, date.fromisoformat(days[found.first]), date.fromisoformat(days[found.last])
    )
    return Finding(
        Words(
            f"{first} 至 {last}，“{name}”日均带来 {mean:round} 名新用户，"
            f"是其余日子（日均 {usual:round} 人）的 {times} 倍{zh}，超出日常波动。请查明来源，并单独看这批人的留存。",
            f"From {first} to {last}, {name} brought {mean:round} new users a day, {times} times the {usual:round} of "
            f"other days{en} and more than days differ by chance. Find out where they came from, and look at their "
            "retention on its own.",
        ),
        tone="good",
        key=f"stretch_{figure.at(f'breakdown/{place}/breakdown')}"[:80],
        weight=2.5,
    )


def _who(figure: Frozen, place: int) -> Quote:
    property_ = next(iter(figure.at(f"breakdown/{place}/breakdown")))
    return figure.named(f"group_{place}", f"breakdown/{place}/breakdown/{property_}")


def _day(figure: Frozen, place: int, at: int, name: str = "day") -> Quote:
    return figure.quote(f"{name}_{place}", f"breakdown/{place}/cohorts/{at}/start", "date")


def _noted(book: Book, first: date, last: date) -> tuple[str, str]:
    """What people annotated at that time: it goes along, nothing more."""
    if "calendar" not in book:
        return "", ""
    days = (last - first).days + 1
    best, shared = None, 0.0
    for place, mark in enumerate(book.subject.calendar):
        overlap = (min(mark.last, last) - max(mark.first, first)).days + 1
        length = max(days, (mark.last - mark.first).days + 1)
        if mark.kind == "campaign" and overlap > 0 and overlap / length > shared:
            best, shared = place, overlap / length
    if best is None or shared < 0.4:
        return "", ""
    text = book["calendar"].named(f"mark_{best}", f"rows/{best}/text")
    return f"，时间上与“{text}”重合", f", at the time of “{text}” on the calendar"


RULES = (
    Rule("size", peaks, ("newcomers",)),
    Rule("size", stretches, ("newcomers",)),
)
