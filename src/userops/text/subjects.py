"""What many short texts talk about, ready to be shown: topics with their share, feeling and masked examples.

For texts of any origin: open answers of surveys, reviews, notes. Personal data is taken out before anything is read, so
that no name or example holds any.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from userops.stats.proportions import wilson
from userops.text.duplicates import likeness, runs
from userops.text.personal_data import mask
from userops.text.sentiment import Feeling, sentiment_of
from userops.text.topics import Group, Progress, Topic, Topics, find_topics

EXAMPLES = 3
LONGEST_EXAMPLE = 200
"""Characters of an example."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One topic. `share` of the texts that have a topic, with its 95% interval; `places` of its texts among those
    given, those nearest to its middle first; `stability` (Jaccard) and `coherence` (NPMI) as in `topics.Topic`."""

    name: str
    terms: tuple[str, ...]
    texts: int
    share: float
    low: float
    high: float
    positive: int
    neutral: int
    negative: int
    stability: float
    coherence: float | None
    examples: tuple[str, ...]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Subjects:
    """`texts` given that are not empty; `unclear`: those without a known word, which have no topic. The largest
    subject comes first; `stability` of the whole is the adjusted Rand index of five starts."""

    texts: int
    unclear: int
    stability: float
    subjects: tuple[Subject, ...]


def find_subjects(
    texts: Sequence[str],
    *,
    count: int | None = None,
    examples: int = EXAMPLES,
    feelings: Sequence[Feeling] | None = None,
    language: str = "zh",
    seed: int = 42,
    progress: Progress | None = None,
) -> Subjects:
    """Group texts of one kind.

    - `count`: how many subjects; None takes the finest division that is as stable as any.
    - `feelings`: of each text, where they are known better than by the word lists.
    - `language`: of the words that stand for what is masked.
    - `progress`: told the share done; may raise to stop.

    The same texts give the same subjects. Raises `TooFewTexts` (`topics.LEAST_TEXTS`).
    """
    masked = [mask(" ".join(text.split()), "wholly", language) for text in texts]
    found = find_topics(masked, count=count, seed=seed, progress=progress)
    felt = list(feelings) if feelings is not None else [sentiment_of(t).feeling for t in masked]
    near = found.model.nearest(masked)[1]
    placed = int((found.group >= 0).sum())
    subjects = []
    for at, topic in enumerate(found.topics):
        own = np.flatnonzero(found.group == at)
        own = own[np.argsort(-near[own], kind="stable")]
        if len(own):
            subjects.append(_subject(topic, own, placed, masked, felt, examples))
    subjects.sort(key=lambda each: (-each.texts, each.name))
    return Subjects(
        sum(map(bool, masked)), _unclear(found, masked), found.stability, tuple(subjects)
    )


def _unclear(found: Topics, masked: Sequence[str]) -> int:
    return sum(bool(own < 0 and text) for own, text in zip(found.group, masked, strict=True))


def _subject(
    topic: Topic, own: Group, placed: int, masked: Sequence[str], felt: Sequence[Feeling], most: int
) -> Subject:
    low, high = wilson(len(own), placed) or (0.0, 1.0)
    feeling = Counter(felt[at] for at in own)
    return Subject(
        name=topic.name,
        terms=topic.terms,
        texts=len(own),
        share=len(own) / placed,
        low=low,
        high=high,
        positive=feeling["positive"],
        neutral=feeling["neutral"],
        negative=feeling["negative"],
        stability=topic.stability,
        coherence=topic.coherence,
        examples=_different([masked[at] for at in own[: most * 10]], most),
        places=tuple(map(int, own)),
    )


def _different(texts: Sequence[str], most: int) -> tuple[str, ...]:
    """The first ones that do not say nearly the same as one before."""
    chosen: list[str] = []
    for text in texts:
        own = runs(text)
        if all(text != old and likeness(own, runs(old)) < 0.5 for old in chosen):
            chosen.append(text)
        if len(chosen) == most:
            break
    return tuple(
        each if len(each) <= LONGEST_EXAMPLE else f"{each[:LONGEST_EXAMPLE]}…" for each in chosen
    )
