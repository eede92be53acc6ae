"""The slow, obvious reference of firing: one ticket as a dictionary, and a list of what waits. Only tests use it.

It shares no code with `firing`, `judging` and `following`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

DEEPEST = 5
OFTEN = 20


@dataclass
class SimpleRule:
    """`checks`: (field, wanted value), all of which must be so; `sets`: (field, value) or a stop."""

    cause: str
    checks: list[tuple[str, Any]]
    sets: list[tuple[str, Any]]
    stops: bool = False
    after_rules: bool = False


@dataclass
class Desk:
    """One ticket and the rules of its desk; `log` has (rule, step, cause, depth, held)."""

    rules: list[SimpleRule]
    state: dict[str, Any] = field(default_factory=dict)
    waiting: list[tuple[str, int]] = field(default_factory=list)
    log: list[tuple[int, int, str, int, bool]] = field(default_factory=list)
    step: int = 0

    def write(self, name: str, value: Any, depth: int) -> None:
        if self.state.get(name) == value:
            return
        self.state[name] = value
        if name in ("severity", "status"):
            self.happen(name, depth)

    def happen(self, cause: str, depth: int) -> None:
        for rule in self.rules:
            if rule.cause == cause and (depth == 0 or rule.after_rules):
                self.waiting.append((cause, depth))
                return

    def open(self, severity: str) -> None:
        self.state = {"severity": severity, "status": "new", "complaint": False}
        self.happen("opened", 0)

    def receive(self) -> None:
        self.happen("received", 0)
        if self.state["status"] in ("waiting", "solved", "closed"):
            self.write("status", "open", 0)

    def answer(self) -> None:
        if self.state["status"] == "new":
            self.write("status", "open", 0)

    def work(self) -> None:
        """All that waits, in the order in which it came."""
        while self.waiting:
            cause, depth = self.waiting.pop(0)
            for number, rule in enumerate(self.rules):
                if rule.cause != cause or (depth > 0 and not rule.after_rules):
                    continue
                if any(self.state[name] != value for name, value in rule.checks):
                    continue
                fired = sum(1 for each in self.log if each[0] == number and not each[4])
                held = depth > DEEPEST or fired >= OFTEN
                self.log.append((number, self.step, cause, depth, held))
                if held:
                    continue
                for name, value in rule.sets:
                    self.write(name, value, depth + 1)
                if rule.stops:
                    break
        self.step += 1
