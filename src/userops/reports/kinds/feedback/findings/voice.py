"""What users say when they are asked: scores of surveys that moved for certain."""

from __future__ import annotations

from collections.abc import Iterator

from userops.experience.surveys.figures.scores import KINDS
from userops.reports.book import Book, Finding
from userops.reports.outline import Rule
from userops.words import Words


def moved(book: Book) -> Iterator[Finding]:
    """Each score whose change is certain, the question of users' own words beside the desk's figures."""
    figure = book["voice"]
    for at, row in enumerate(figure.result["scores"]):
        if not row["certain"]:
            continue
        under, name = f"scores/{at}", row["survey"]
        now = figure.quote(f"now_{at}", f"{under}/value", "number", interval=f"{under}/interval")
        then = figure.quote(f"then_{at}", f"{under}/before", "number")
        n = figure.quote(f"n_{at}", f"{under}/n")
        fell, kind = row["change"] < 0, KINDS[row["kind"]]
        zh, en = ("低于", "below") if fell else ("高于", "above")
        yield Finding(
            Words(
                f"问卷“{name}”的{kind.zh.split('（')[0]}为 {now}（95% 区间 {now:interval}，{n} 份回答），"
                f"显著{zh}此前的 {then}。",
                f"The {kind.en.split(' (')[0]} of the survey “{name}” is {now} (95% interval {now:interval}, {n} "
                f"answers), certainly {en} the {then} before.",
            ),
            key=f"moved_{at}",
            tone="bad" if fell else "good",
            weight=2.6,
        )


RULES = (Rule("voice", moved, ("voice",)),)
