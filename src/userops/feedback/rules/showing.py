"""Firings and dry runs in words, for pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from userops.feedback.conditions import Condition
from userops.feedback.rules.document import Deed, read
from userops.feedback.rules.models import DryRun, RuleFiring
from userops.feedback.rules.options import Options
from userops.feedback.rules.sentences import condition_words, deed_words, value_words
from userops.feedback.rules.vocabulary import CAUSES
from userops.words import Words

RESULTS: dict[str, Words] = {
    "done": Words("已执行", "done"),
    "same": Words("本已如此", "so already"),
    "failed": Words("失败", "failed"),
}


@dataclass(frozen=True, slots=True)
class Why:
    """A condition in words with the value that it met."""

    words: Words
    seen: Words
    held: bool


@dataclass(frozen=True, slots=True)
class Did:
    """An action in words with its outcome."""

    words: Words
    result: str
    outcome: Words
    problem: Words | None


@dataclass(frozen=True, slots=True)
class FiringShown:
    firing: RuleFiring
    cause: Words
    why: list[Why]
    did: list[Did]


@dataclass(frozen=True, slots=True)
class Found:
    """One time that a rule would have fired."""

    number: int
    subject: str
    at: datetime
    cause: Words
    why: list[Why]


@dataclass(frozen=True, slots=True)
class RunShown:
    """`failing`: each condition with how many causes it did not hold for."""

    run: DryRun
    found: list[Found]
    failing: list[tuple[Words, int]]


def firing_shown(firing: RuleFiring, options: Options) -> FiringShown:
    return FiringShown(
        firing,
        CAUSES[firing.cause].words,
        [_why(each, options) for each in firing.checks],
        [_did(each, options) for each in firing.done],
    )


def run_shown(run: DryRun, options: Options) -> RunShown:
    conditions = read(run.document).conditions
    failing = zip(conditions, run.failing, strict=False)
    return RunShown(
        run,
        [_found(each, options) for each in run.found],
        [(condition_words(each, options), times) for each, times in failing],
    )


def _found(row: Mapping[str, Any], options: Options) -> Found:
    return Found(
        row["ticket"],
        row["subject"],
        datetime.fromisoformat(row["at"]),
        CAUSES[row["cause"]].words,
        [_why(each, options) for each in row["checks"]],
    )


def _why(row: Mapping[str, Any], options: Options) -> Why:
    condition = Condition(row["field"], row["test"], tuple(row["values"]))
    seen = value_words(row["field"], row["seen"], options)
    return Why(condition_words(condition, options), seen, row["held"])


def _did(row: Mapping[str, Any], options: Options) -> Did:
    names = ("value", "text", "who", "members", "channels")
    given: dict[str, Any] = {name: row[name] for name in names if name in row}
    lists: dict[str, Any] = {
        name: tuple(given[name]) for name in ("who", "members", "channels") if name in given
    }
    deed = Deed(do=row["do"], **(given | lists))
    problem = Words(**row["problem"]) if row.get("problem") else None
    return Did(deed_words(deed, options), row["result"], RESULTS[row["result"]], problem)
