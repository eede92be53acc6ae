"""How new users stay, and which group stays best and worst."""

from __future__ import annotations

from collections.abc import Iterator

from userops.reports.book import Book, Finding, Frozen
from userops.reports.judging import FEW, Apart, against, each_against_rest, excludes_zero
from userops.reports.kinds.user_analysis.tables import Read, places
from userops.reports.outline import Rule
from userops.reports.quoting import Quote
from userops.words import Words


def _rate(figure: Frozen, at: int, under: str = "") -> Quote | None:
    """The pooled retention of a column, with k/n and Wilson's interval."""
    average = figure.at(f"{under}average")
    if at >= len(average) or average[at] is None:
        return None
    name = f"{under.replace('/', '_')}rate_{at}".replace("breakdown_", "group_")
    return figure.quote(
        name, f"{under}average/{at}", "share", k=f"{under}average_kn/{at}/0",
        n=f"{under}average_kn/{at}/1", interval=f"{under}average_interval/{at}",
    )  # fmt: skip


def overall(book: Book) -> Iterator[Finding]:
    """The retention of all new users."""
    figure = book["retention"]
    rates = [(at, words, _rate(figure, at)) for at, words in places(figure)]
    known = [(words, rate) for _, words, rate in rates if rate is not None]
    if not known:
        return
    few = any(figure.at(f"average_kn/{at}/1") < FEW for at, _, rate in rates if rate is not None)
    doubt = Words("数据不足：", "Too few to conclude: of") if few else Words("", "Of")
    waiting = any(
        figure.at(f"average_kn/{at}/1") < figure.at("average_kn/0/1")
        for at, _, rate in rates
        if rate is not None
    )
    due = Words("；只计已到期的用户", "; users whose day has not come are left out")
    due = due if waiting else Words("", "")
    zh = "，".join(f"{words.zh} {rate:kn}" for words, rate in known)
    told = [
        f"{rate:kn} {'' if at else 'came back '}{_when(w)}" for at, (w, rate) in enumerate(known)
    ]
    en = ", ".join(told)
    yield Finding(
        Words(
            f"{doubt.zh}新用户的{zh}{due.zh}。",
            f"{doubt.en} new users, {en}{due.en}.",
        ),
        style="body",
        tone="weak" if few else "",
    )


def _when(words: Words) -> str:
    """`on day 7`, `in week 4`."""
    return f"{'on' if words.en.startswith('Day') else 'in'} {words.en.lower()}"


def change(book: Book) -> Iterator[Finding]:
    """Against the new users of the period before."""
    now, before = book["retention"], book["retention_before"]
    at, words = places(now)[0]
    if (at, words) not in places(now):
        return
    rate, was = _rate(now, at), _rate(before, at)
    if rate is None or was is None or not book.subject.before_is_whole:
        return
    k, n = zip(now.at(f"average_kn/{at}"), before.at(f"average_kn/{at}"), strict=True)
    gap = against(now, "gap_before", rate, was, k=k, n=n)
    if gap is None or not excludes_zero(now.values["gap_before"]):
        return
    zh, en = ("升", "rose") if gap.value > 0 else ("降", "fell")
    yield Finding(
        Words(
            f"{words.zh}由上期的 {was:kn} {zh}到 {rate:kn}（{gap}，95% 区间 {gap:span}）。",
            f"{words.en} retention {en} from {was:kn} in the period before to {rate:kn} ({gap}, 95% interval "
            f"{gap:span}).",
        ),
        tone="good" if gap.value > 0 else "bad",
        weight=3 + abs(gap.value),
    )


def best_and_worst(book: Book) -> Iterator[Finding]:
    """The groups that stay clearly better or worse than the others; nothing where chance would do."""
    figure = book["retention_by_segment"]
    read = places(figure)
    if not read:
        return
    at, words = _telling_place(figure, read)
    groups = figure.result["breakdown"]
    counts = {
        str(place): tuple(each["average_kn"][at])
        for place, each in enumerate(groups)
        if next(iter(each["breakdown"].values())) != "$others" and each["average_kn"][at]
    }
    told = [each for each in each_against_rest(counts) if each.sure]
    worse = min((e for e in told if e.difference < 0), key=lambda e: e.difference, default=None)
    better = max((e for e in told if e.difference > 0), key=lambda e: e.difference, default=None)
    if worse is not None:
        yield _worse(figure, worse, at, words)
        yield _improve(figure, worse)
    if better is not None:
        yield _better(figure, better, at, words)
        yield _invest(figure, better)


def _telling_place(figure: Frozen, read: Read) -> tuple[int, Words]:
    """The second column that is read (such as day 7) where it has people enough, else the first."""
    at, words = read[min(1, len(read) - 1)]
    kn = figure.at("average_kn")
    enough = at < len(kn) and kn[at] and kn[at][1] >= 100
    return (at, words) if enough else read[0]


def _group(figure: Frozen, found: Apart, at: int) -> tuple[Quote, Quote, Quote]:
    """Its name, its rate, and the difference to the others."""
    under = f"breakdown/{found.key}/"
    property_ = next(iter(figure.at(f"{under}breakdown")))
    name = figure.named(f"name_{found.key}", f"{under}breakdown/{property_}")
    rate = _rate(figure, at, under)
    assert rate is not None
    gap = figure.derived(
        f"gap_{found.key}",
        found.difference,
        "points",
        rate,
        low=found.low,
        high=found.high,
        p=found.p,
    )
    return name, rate, gap


def _rest(figure: Frozen, found: Apart) -> Quote:
    return figure.derived(
        f"rest_{found.key}", found.rest_k / found.rest_n, "share", k=found.rest_k, n=found.rest_n
    )


def _worse(figure: Frozen, found: Apart, at: int, words: Words) -> Finding:
    name, rate, gap = _group(figure, found, at)
    rest = _rest(figure, found)
    lost = round(-found.difference * found.n)
    people = figure.derived(f"lost_{found.key}", lost, "whole", gap, rate)
    return Finding(
        Words(
            f"“{name}”来的新用户留得最差：{words.zh} {rate:kn}，其余为 {rest:kn}，低 {gap:size}（95% 区间 "
            f"{gap:span}）。"
            f"若追平其余，本期可多留约 {people} 人。",
            f"New users from {name} are the least likely to stay: {words.en.lower()} retention {rate:kn} "
            f"against {rest:kn} of the others, {gap:size} lower (95% interval {gap:span}). At the others’ rate about "
            f"{people} more of them would have stayed.",
        ),
        tone="bad",
        key="worst",
        weight=4 + abs(found.difference),
    )


def _better(figure: Frozen, found: Apart, at: int, words: Words) -> Finding:
    name, rate, gap = _group(figure, found, at)
    rest = _rest(figure, found)
    return Finding(
        Words(
            f"“{name}”来的新用户留得最好：{words.zh} {rate:kn}，比其余的 {rest:kn} 高 {gap:size}（95% 区间 "
            f"{gap:span}）。",
            f"New users from {name} are the most likely to stay: {words.en.lower()} retention {rate:kn}, "
            f"{gap:size} higher than the {rest:kn} of the others (95% interval {gap:span}).",
        ),
        tone="good",
        key="best",
        weight=3.5 + abs(found.difference),
    )


def _improve(figure: Frozen, found: Apart) -> Finding:
    name, rate = (
        f"{{{{{figure.key}.name_{found.key}}}}}",
        f"{{{{{figure.key}.gap_{found.key}|size}}}}",
    )
    return Finding(
        Words(
            f"核对“{name}”的投放人群、落地页与首日引导，分素材看留存；与其余的差距现为 {rate}，缩小一半后再加预算。",
            f"Check audience, landing page and first-day guidance of {name}, and its retention by creative; spend more "
            f"only once the gap to the others, now {rate}, is halved.",
        ),
        style="action",
        chapter="advice",
        key="improve_worst",
        weight=4,
    )


def _invest(figure: Frozen, found: Apart) -> Finding:
    name = f"{{{{{figure.key}.name_{found.key}}}}}"
    rate = f"{{{{{figure.key}.gap_{found.key}|size}}}}"
    return Finding(
        Words(
            f"在可控成本内放大“{name}”，并每周核对新增人群的留存是否仍高于其余（现高 {rate}）。",
            f"Scale {name} within a set cost, and check every week that more of its newcomers still stay than of the "
            "others "
            f"(now by {rate}).",
        ),
        style="action",
        chapter="advice",
        key="scale_best",
        weight=3,
    )


RULES = (
    Rule("behaviour", overall, ("retention",)),
    Rule("behaviour", change, ("retention", "retention_before")),
    Rule("behaviour", best_and_worst, ("retention_by_segment",)),
)
