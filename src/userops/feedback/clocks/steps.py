"""Escalation: at which share of the promised time who is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from userops.errors import Refused
from userops.words import Words

WHO: dict[str, Words] = {
    "owner": Words("负责人", "Owner"),
    "team": Words("团队成员", "Members of the team"),
    "managers": Words("反馈台管理者", "Those who manage the desk"),
}
MOST = 10
_MEND = Words(
    "请删去多余的步骤，或改正比例与通知对象。",
    "Take steps away, or mend shares and who is told.",
)


@dataclass(frozen=True, slots=True)
class Step:
    """`percent` of the target: below 100 a warning, from 100 on an alarm. `channels` by key."""

    percent: int
    tell: tuple[str, ...] = ("owner",)
    channels: tuple[int, ...] = ()

    def row(self) -> dict[str, Any]:
        return {"percent": self.percent, "tell": list(self.tell), "channels": list(self.channels)}


STANDARD = (
    Step(50, ("owner",)),
    Step(80, ("owner", "team")),
    Step(100, ("owner", "team", "managers")),
)


def steps_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """The steps of a policy, as they are kept, in their order. Raises `Refused`."""
    found = [
        Step(
            _percent(each.get("percent")),
            tuple(str(who) for who in each.get("tell", ())),
            tuple(int(key) for key in each.get("channels", ())),
        )
        for each in rows
    ]
    unknown = [who for step in found for who in step.tell if who not in WHO]
    twice = len({step.percent for step in found}) < len(found)
    nobody = any(not step.tell and not step.channels for step in found)
    if unknown or twice or nobody or len(found) > MOST:
        raise Refused(
            Words(
                f"升级步骤最多 {MOST} 个，比例互不相同，通知对象取自：{'、'.join(WHO)}，至少一个。",
                f"At most {MOST} steps, each with a share of its own, and who is told: {', '.join(WHO)}.",
            ),
            code="escalation_invalid",
            hint=_MEND,
        )
    return tuple(sorted(found, key=lambda step: step.percent))


def _percent(value: Any) -> int:
    if not isinstance(value, int) or not 1 <= value <= 1_000:
        raise Refused(
            Words(
                f"比例应为 1 到 1000 的整数；实际为 {value!r}。",
                f"A share is a whole number from 1 to 1000; got {value!r}.",
            ),
            code="escalation_invalid",
            hint=_MEND,
        )
    return value
