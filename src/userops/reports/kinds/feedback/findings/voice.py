"""What users say when they are asked: scores of surveys that moved for certain, and where the others stand."""

from __future__ import annotations

from collections.abc import Iterator

from userops.experience.surveys.figures.scores import KINDS
from userops.reports.book import Book, Finding, Frozen
from userops.reports.outline import Rule
from userops.reports.quoting import Quote
from userops.words import Words

MOST = 3
"""Of scores that did not move so many are told; all of them stand in the table."""


def moved(book: Book) -> Iterator[Finding]:
    """Each score whose change is certain, the question of users' own words beside the desk's figures."""
    figure = book["voice"]
    for at, row in enumerate(figure.result["scores"]):
        if not row["certain"]:
            continue
        under, name = f"scores/{at}", row["survey"]
        now = figure.quote(f"now_{at}", f"{under}/value", "number", interval=f"{under}/interval")
        then = _before(figure, f"then_{at}", under)
        n = figure.quote(f"n_{at}", f"{under}/n")
        fell, kind = row["change"] < 0, KINDS[row["kind"]]
        zh, en = ("低于", "lower") if fell else ("高于", "higher")
        yield Finding(
            Words(
                f"问卷“{name}”的{kind.zh.split('（')[0]}为 {now}（95% 区间 {now:interval}，{n} 份回答），"
                f"{zh}此前的 {then}，差异明确。",
                f"The {_score(kind)} of the survey “{name}” is {now} (95% interval {now:interval}, {n} "
                f"answers), certainly {en} than the {then} before.",
            ),
            key=f"moved_{at}",
            tone="bad" if fell else "good",
            weight=2.6,
        )


def stood(book: Book) -> Iterator[Finding]:
    """Where the scores stand that did not move for certain, those with the most answers."""
    figure = book["voice"]
    rows = [
        (at, row)
        for at, row in enumerate(figure.result["scores"])
        if not row["certain"] and row["value"] is not None and row["interval"]
    ]
    for at, row in sorted(rows, key=lambda each: -each[1]["n"])[:MOST]:
        under, name, kind = f"scores/{at}", row["survey"], KINDS[row["kind"]]
        now = figure.quote(f"stands_{at}", f"{under}/value", "number", interval=f"{under}/interval")
        n = figure.quote(f"of_{at}", f"{under}/n")
        zh, en = "此前没有可比的回答", "there are no answers before to compare with"
        if row["before"] is not None:
            then = _before(figure, f"stood_{at}", under)
            zh, en = (
                f"与此前的 {then} 相比变化不确定",
                f"that it differs from the {then} before is not certain",
            )
        yield Finding(
            Words(
                f"问卷“{name}”的{kind.zh.split('（')[0]}为 {now}（95% 区间 {now:interval}，{n} 份回答），{zh}。",
                f"The {_score(kind)} of the survey “{name}” is {now} (95% interval {now:interval}, {n} "
                f"answers); {en}.",
            ),
            style="body",
            key=f"stood_{at}",
        )


def _score(kind: Words) -> str:
    """The name of a score within a sentence: `satisfaction`, but `NPS`."""
    name = kind.en.split(" (")[0]
    return name if name.isupper() else name.lower()


def _before(figure: Frozen, name: str, under: str) -> Quote:
    """With its interval, so that both have as many decimals."""
    return figure.quote(name, f"{under}/before", "number", interval=f"{under}/before_interval")


RULES = (Rule("voice", moved, ("voice",)), Rule("voice", stood, ("voice",)))
