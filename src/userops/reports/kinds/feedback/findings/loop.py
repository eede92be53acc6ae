"""Whether matters stay settled, and whether users and the company learn of it."""

from __future__ import annotations

from collections.abc import Iterator

from userops.feedback.figures.closed_loop import STEPS
from userops.reports.book import Book, Finding
from userops.reports.judging import FEW, against, excludes_zero
from userops.reports.outline import Rule
from userops.reports.quoting import Quote
from userops.words import Words

ORDER = list(STEPS)


def reopened(book: Book) -> Iterator[Finding]:
    """The share that was opened again, against the period before."""
    figure = book["reopening"]
    result = figure.result
    if result["n"] < FEW:
        return
    rate = figure.quote("rate", "rate", "share", k="k", n="n", interval="interval")
    yield Finding(
        Words(
            f"结束后 7 天内重开的占 {rate:kn}（95% 区间 {rate:interval}）。",
            f"{rate:kn} were reopened within 7 days of their end (95% interval {rate:interval}).",
        ),
        style="body",
    )
    if "reopening_before" not in book or book["reopening_before"].result["n"] < FEW:
        return
    then = book["reopening_before"].quote("rate", "rate", "share", k="k", n="n")
    before = book["reopening_before"].result
    apart = against(
        figure, "apart", rate, then, k=(result["k"], before["k"]), n=(result["n"], before["n"])
    )
    if apart is None or not excludes_zero(figure.values["apart"]):
        return
    worse = apart.value > 0
    zh, en = ("高于", "more") if worse else ("低于", "less")
    yield Finding(
        Words(
            f"重开率 {rate:kn}，{zh}上期的 {then:kn}，相差 {apart:size}（95% 区间 {apart:span}）。",
            f"{rate:kn} were reopened, {apart:size} {en} than {then:kn} in the period before (95% interval "
            f"{apart:span}).",
        ),
        key="moved",
        tone="bad" if worse else "good",
        weight=2.4,
    )


def closed(book: Book) -> Iterator[Finding]:
    """Told, and linked to needs."""
    figure = book["closed_loop"]
    if figure.result["n"] < FEW:
        return
    told, linked = _step(book, "told"), _step(book, "linked")
    yield Finding(
        Words(
            f"本期解决的反馈里，用户最后一次发言之后得到答复的占 {told:kn}；已关联需求或痛点的占 {linked:kn}。",
            f"Of what was solved in the period, {told:kn} were answered after the user’s last words; "
            f"{linked:kn} are linked to a need or pain point.",
        ),
        style="body",
    )


def written(book: Book) -> Iterator[Finding]:
    """What the house knows next time."""
    figure = book["closed_loop"]
    if figure.result["n"] < FEW:
        return
    share = _step(book, "written")
    yield Finding(
        Words(
            f"解决办法写进工单、可供下次检索的占 {share:kn}。",
            f"The solution is written down, to be found next time, in {share:kn}.",
        ),
        style="body",
    )


def asked(book: Book) -> Iterator[Finding]:
    """What users asked for, what shipped, and whether they know."""
    figure = book["requirements"]
    count, shipped = figure.quote("count", "count"), figure.quote("shipped", "shipped")
    zh = f"本期工单关联或本期上线的需求 {count} 个，其中本期上线 {shipped} 个"
    en = f"{count} requirements were asked for or shipped in the period, {shipped} of them shipped in it"
    if figure.result["users_told"]["n"]:
        share = figure.quote(
            "users_told", "users_told/rate", "share", k="users_told/k", n="users_told/n",
            interval="users_told/interval",
        )  # fmt: skip
        few = figure.result["users_told"]["n"] < book.subject.chosen["minimum"]
        doubt = Words("（数据不足）", " (too few to conclude)") if few else Words("", "")
        zh = f"{zh}；提出已上线需求的用户里，{share:kn} 已被告知{doubt.zh}"
        en = f"{en}; of the users who asked for what has shipped {share:kn} were told{doubt.en}"
    yield Finding(Words(f"{zh}。", f"{en}."), style="body", key="asked")


def _step(book: Book, step: str) -> Quote:
    under = f"steps/{ORDER.index(step)}"
    return book["closed_loop"].quote(
        step, f"{under}/rate", "share", k=f"{under}/k", n=f"{under}/n", interval=f"{under}/interval"
    )


RULES = (
    Rule("reopened", reopened, ("reopening",)),
    Rule("loop", closed, ("closed_loop",)),
    Rule("loop", asked, ("requirements",)),
    Rule("knowledge", written, ("closed_loop",)),
)
