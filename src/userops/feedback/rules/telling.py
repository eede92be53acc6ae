"""Rules, their log and their dry runs as programs read them."""

from __future__ import annotations

from typing import Any

from userops.feedback.rules.document import read
from userops.feedback.rules.models import DryRun, Rule, RuleFiring
from userops.feedback.rules.options import Options
from userops.feedback.rules.sentences import sentence


def rule_line(rule: Rule, options: Options) -> dict[str, Any]:
    """One rule with its sentence."""
    return {
        "id": rule.pk, "name": rule.name, "active": rule.active, "version": rule.version,
        "position": rule.position, **rule.document,
        "sentence": sentence(read(rule.document), options).as_dict(),
    }  # fmt: skip


def firing_line(firing: RuleFiring) -> dict[str, Any]:
    """One line of the log."""
    return {
        "id": firing.pk, "rule": firing.rule_id, "name": firing.name, "version": firing.version,
        "ticket": firing.ticket.number, "cause": firing.cause,
        "happened": firing.happened.isoformat(timespec="milliseconds"),
        "at": firing.at.isoformat(timespec="milliseconds"), "depth": firing.depth,
        "state": firing.state, "held": firing.held, "checks": firing.checks, "done": firing.done,
    }  # fmt: skip


def run_line(run: DryRun) -> dict[str, Any]:
    """A dry run as far as it has come."""
    return {
        "id": run.pk, "rule": run.rule_id, "version": run.version, "first": run.first.isoformat(),
        "until": run.until.isoformat(), "state": run.state, "total": run.total,
        "looked": run.looked, "causes": run.causes, "fired": run.fired, "tickets": run.tickets,
        "failing": run.failing, "found": run.found, "problem": run.problem,
    }  # fmt: skip
