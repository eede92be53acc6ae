"""How many users, against before, and who they are."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

from userops.reports.book import Book, Finding, Frozen
from userops.reports.judging import excludes_zero, ratio_of_counts
from userops.reports.kinds.user_analysis.tables import lines_of
from userops.reports.kinds.user_analysis.tabulating import property_words
from userops.reports.outline import Rule
from userops.reports.quoting import Quote
from userops.stats.change_points import noise_of_means
from userops.words import Words


def active_users(book: Book) -> Iterator[Finding]:
    """Average daily users against the period before, where the difference is more than daily noise."""
    figure = book["active"]
    line = figure.result["series"][0]
    if "comparison" not in line or book.subject.unit != "day":
        return
    over = book.subject.today.isoformat()
    now = [value for day, value in line["points"] if value is not None and day < over]
    before = [value for _, value in line["comparison"]["points"] if value is not None]
    if not now:
        return
    noise = noise_of_means([*before, *now], len(before), len(now))
    mean_now, mean_before = fmean(now), fmean(before)
    if noise is None or not mean_before:
        return
    change = mean_now / mean_before - 1
    total, was = (
        figure.quote("users", "series/0/total"),
        figure.quote("users_before", "series/0/comparison/total"),
    )
    daily = figure.derived("daily", mean_now, "number", total)
    daily_before = figure.derived("daily_before", mean_before, "number", was)
    moved = figure.derived(
        "change",
        change,
        "change",
        daily,
        daily_before,
        low=change - noise,
        high=change + noise,
        base="previous",
    )
    if abs(change) <= noise:
        yield Finding(
            Words(
                f"日均活跃用户 {daily:round} 人，与上期的 {daily_before:round} 人相比在日常波动之内（{moved}，95% "
                f"区间 {moved:interval}）。",
                f"{daily:round} users were active on an average day; against {daily_before:round} in the period "
                "before this is "
                f"within daily noise ({moved}, 95% interval {moved:interval}).",
            ),
            style="body",
        )
        return
    zh, en = ("上升", "up") if change > 0 else ("下降", "down")
    in_all = Words("", "")
    if book.subject.finished:
        in_all = Words(
            f"；本期共 {total} 人活跃，上期 {was} 人", f"; {total} users in all, {was} before"
        )
    yield Finding(
        Words(
            f"日均活跃用户 {daily:round} 人，较上期的 {daily_before:round} 人{zh} {moved:size}（95% 区间 "
            f"{moved:span}）{in_all.zh}。",
            f"{daily:round} users were active on an average day, {en} {moved:size} from {daily_before:round} in the "
            "period before "
            f"(95% interval {moved:span}){in_all.en}.",
        ),
        tone="good" if change > 0 else "bad",
        weight=2 + min(1.0, abs(change)),
    )


def last_year(book: Book) -> Iterator[Finding]:
    """The same period a year ago, once this one is over."""
    figure = book["active_year"]
    line = figure.result["series"][0]
    was = line["comparison"]["total"]
    if not was or not book.subject.finished:
        return
    now, before, change = year_on_year(figure)
    chance = not excludes_zero(figure.values["change_year"])
    zh, en = ("，在随机波动之内", ", within chance") if chance else ("", "")
    yield Finding(
        Words(
            f"与去年同期相比：{before} 人变为 {now} 人{zh}（同比 {change}，95% 区间 {change:interval}）。",
            f"Against the same period last year: from {before} to {now} users{en} (year on year {change}, 95% interval "
            f"{change:interval}).",
        ),
        style="body",
    )


def year_on_year(figure: Frozen) -> tuple[Quote, Quote, Quote]:
    """The users of now and of a year before, and the change with its interval."""
    now = figure.quote("users", "series/0/total")
    before = figure.quote("users_year", "series/0/comparison/total")
    low, high = ratio_of_counts(now.value, before.value)
    return now, before, figure.derived(
        "change_year", now.value / before.value - 1, "change", now, before, low=low - 1, high=high - 1, base="year"
    )  # fmt: skip


def composition(book: Book) -> Iterator[Finding]:
    """The largest groups of each property."""
    for key in ("users_by_segment", "users_by_platform", "users_by_city"):
        if key in book and any(each["breakdown"] for each in book[key].result["series"]):
            yield from _largest(book[key], property_words(book[key], book.subject))


def _largest(figure: Frozen, by: Words) -> Iterator[Finding]:
    lines = [
        (p, line) for value, (p, line) in lines_of(figure).items() if value not in ("", "$others")
    ]
    if len(lines) < 2:
        return
    lines.sort(key=lambda each: each[1]["total"], reverse=True)
    names, counts = [], []
    for number, (pointer, line) in enumerate(lines[:2]):
        property_ = next(iter(line["breakdown"]))
        names.append(figure.named(f"name_{number}", f"{pointer}/breakdown/{property_}"))
        counts.append(figure.quote(f"users_{number}", f"{pointer}/total"))
    yield Finding(
        Words(
            f"按“{by.zh}”看，“{names[0]}”最多，{counts[0]} 人；其次是“{names[1]}”，{counts[1]} 人。",
            f"By {by.en.lower()}, {names[0]} is the largest with {counts[0]} users, followed by {names[1]} with "
            f"{counts[1]}.",
        ),
        style="body",
        key=figure.key,
    )


RULES = (
    Rule("size", active_users, ("active",)),
    Rule("size", last_year, ("active_year",)),
    Rule("size", composition),
)
