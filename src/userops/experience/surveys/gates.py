"""May this person be asked now? Gates one after the other, each with its reason; the first that is shut decides.

Pure: what is known of the survey and of the person comes in, a verdict with every gate comes out, so that
“why was this user not asked” has the same answer as the asking itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from userops.experience.surveys.wording import WAYS
from userops.words import Words

Again = Literal["once", "until_answered", "always"]
REASONS: dict[str, Words] = {
    "not_running": Words("问卷未在投放", "the survey is not running"),
    "not_open": Words("还没到开始时间，或已过截止时间", "it is not open yet, or closed"),
    "full": Words("已收满答卷", "it has all the answers it wants"),
    "other_way": Words("没有启用这种投放方式", "it is not asked in this way"),
    "no_trigger": Words("没有发生触发事件", "its event did not happen"),
    "unknown_user": Words("不是已知用户", "the user is not known"),
    "opted_out": Words("用户选择不再接收问卷", "the user wants no more surveys"),
    "not_in_segment": Words("不在目标分群里", "the user is not in the segment"),
    "not_sampled": Words("没有被抽中", "the user is not in the sample"),
    "answered": Words("已经回答过", "the user has answered"),
    "asked_before": Words("已经问过，不再重复", "the user was asked, and is not asked again"),
    "too_soon": Words("距上次询问太近", "the user was asked too short a time ago"),
    "budget": Words(
        "近期已被其他问卷询问（疲劳上限）", "other surveys have asked this user lately"
    ),
    "no_address": Words("没有可用的邮箱地址", "the user has no e-mail address"),
}
"""Why somebody was not asked: code → words. The order is that of the gates."""


NOTHING = Words("", "")
UNKNOWN = Words(
    "匿名问卷：不知道谁回答过", "the survey is anonymous: it is not known who has answered"
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a survey and its product say of asking. `ways`: how it may be asked."""

    running: bool
    ways: Sequence[str]
    anonymous: bool = False
    opens: datetime | None = None
    closes: datetime | None = None
    full: bool = False
    trigger_event: str = ""
    in_segment_only: bool = False
    sample_percent: float = 100
    again: Again = "once"
    again_days: int = 30
    most_times: int = 3
    own_clock: bool = False
    budget_most: int = 1
    budget_days: int = 7


@dataclass(frozen=True, slots=True)
class Occasion:
    """The moment of asking: how, and after which event. Times are told on the clock of `now`."""

    way: str
    now: datetime
    event: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a person. `place`: in the survey's sample, 0…1. `asked`: when this survey asked;
    `asked_by_others`: when other surveys on the common clock did."""

    known: bool = True
    opted_out: bool = False
    in_segment: bool = True
    place: float = 0.0
    answered: bool = False
    asked: Sequence[datetime] = ()
    asked_by_others: Sequence[datetime] = ()
    address: bool = True


@dataclass(frozen=True, slots=True)
class Gate:
    """`open` or not, with what was looked at in words."""

    reason: str
    open: bool
    told: Words

    @property
    def words(self) -> Words:
        return REASONS[self.reason]


@dataclass(frozen=True, slots=True)
class Verdict:
    gates: tuple[Gate, ...]

    @property
    def reason(self) -> str:
        """Why not; empty when the person may be asked."""
        return next((gate.reason for gate in self.gates if not gate.open), "")


def judge(rules: Rules, standing: Standing, occasion: Occasion) -> Verdict:
    """All gates in their order."""
    return Verdict(
        (*_of_survey(rules, occasion), *_of_person(rules, standing, occasion),
         *_of_time(rules, standing, occasion))
    )  # fmt: skip


def _of_survey(rules: Rules, occasion: Occasion) -> list[Gate]:
    now = occasion.now
    started = rules.opens is None or rules.opens <= now
    open_ = started and (rules.closes is None or now < rules.closes)
    event = rules.trigger_event
    return [
        Gate("not_running", rules.running, NOTHING),
        Gate(
            "not_open", open_, _same(f"{_moment(rules.opens, now)} – {_moment(rules.closes, now)}")
        ),
        Gate("full", not rules.full, NOTHING),
        Gate("other_way", occasion.way in rules.ways, _ways(rules, occasion)),
        # without an event in hand, a triggered survey waits for it
        Gate("no_trigger", not event or occasion.event == event, _same(event)),
    ]


def _of_person(rules: Rules, standing: Standing, occasion: Occasion) -> list[Gate]:
    percent = standing.place * 100
    limit = f"{rules.sample_percent:g}"
    sample = Words(
        f"位于 {percent:.1f}%，低于 {limit}% 者被抽中",
        f"at {percent:.1f}%; those below {limit}% are asked",
    )
    return [
        Gate("unknown_user", standing.known, NOTHING),
        Gate("opted_out", not standing.opted_out, NOTHING),
        Gate("not_in_segment", standing.in_segment or not rules.in_segment_only, NOTHING),
        Gate("not_sampled", percent < rules.sample_percent, sample),
        Gate("no_address", standing.address or occasion.way != "mail", NOTHING),
    ]


def _of_time(rules: Rules, standing: Standing, occasion: Occasion) -> list[Gate]:
    asked = sorted(standing.asked)
    times = len(asked)
    most = {"once": 1, "until_answered": rules.most_times}.get(rules.again)
    rest = timedelta(days=rules.again_days)
    soon = bool(asked) and occasion.now - asked[-1] < rest
    window = occasion.now - timedelta(days=rules.budget_days)
    lately = sum(1 for at in standing.asked_by_others if at > window)
    within = rules.own_clock or lately < rules.budget_most
    days, often = rules.budget_days, rules.budget_most
    budget = Words(
        f"{days} 天内其他问卷问过 {lately} 次，最多 {often} 次",
        f"other surveys asked {lately} times in {days} days; at most {often}",
    )
    last = _moment(asked[-1], occasion.now) if asked else ""
    pause = Words(
        f"{f'上次 {last}' if asked else '还没问过'}，至少间隔 {rules.again_days} 天",
        f"{f'last {last}' if asked else 'never asked'}; at least {rules.again_days} days between",
    )
    so_often = Words(
        f"问过 {times} 次，{f'最多 {most} 次' if most else '次数不限'}",
        f"asked {times} times; {f'at most {most}' if most else 'no limit'}",
    )
    return [
        Gate(
            "answered",
            not standing.answered or rules.again == "always",
            UNKNOWN if rules.anonymous else NOTHING,
        ),
        Gate("asked_before", most is None or times < most, so_often),
        Gate("too_soon", not soon, pause),
        Gate("budget", within, budget),
    ]


def _ways(rules: Rules, occasion: Occasion) -> Words:
    asked = [WAYS[way] for way in rules.ways]
    own = WAYS[occasion.way]
    return Words(
        f"{own.zh}；启用的有：{'、'.join(way.zh for way in asked) or '–'}",
        f"{own.en}; it is asked by: {', '.join(way.en for way in asked) or '–'}",
    )


def _same(text: str) -> Words:
    return Words(text, text)


def _moment(at: datetime | None, now: datetime) -> str:
    """On the clock of the occasion."""
    return "…" if at is None else f"{at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"
