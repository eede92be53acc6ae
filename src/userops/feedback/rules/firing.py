"""Rules are tried on what happened, in their order; each firing is logged with its reasons and its outcome."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from userops.errors import UserOpsError
from userops.events.tasks import stopping
from userops.feedback.rules.deeds import DOING
from userops.feedback.rules.document import Deed, Document, read
from userops.feedback.rules.following import ACTING, Acting
from userops.feedback.rules.judging import judge
from userops.feedback.rules.models import Rule, RuleCause, RuleFiring
from userops.feedback.rules.seeing import Eyes, state_of
from userops.feedback.rules.standing import stands
from userops.feedback.tickets.history import on_behalf_of, take
from userops.feedback.tickets.models import Ticket
from userops.words import Words

log = logging.getLogger("userops.feedback")
MOST_DEPTH = 5
MOST_OFTEN, WITHIN = 20, timedelta(hours=24)
MOST_TRIES = 3
_BROKEN = Words("内部错误，已记入日志。", "Something broke; the log of the server tells what.")
_DEEP = Words(
    f"规则之间连续触发超过 {MOST_DEPTH} 层。", f"Rules set off rules more than {MOST_DEPTH} deep."
)
_OFTEN = Words(
    f"24 小时内已在这张工单上触发 {MOST_OFTEN} 次。",
    f"It fired {MOST_OFTEN} times on this ticket within 24 hours.",
)


def work_off() -> int:
    """Try rules on all that waits, the oldest first; answers how many causes were worked off."""
    done, failed = 0, set[int]()
    while not stopping.is_set():
        key = RuleCause.objects.exclude(pk__in=failed).values_list("pk", flat=True).first()
        if key is None:
            break
        try:
            _work_off(key)
        except Exception:
            # one that cannot be worked off never holds up the others
            log.exception("cause %s of rules failed", key)
            failed.add(key)
            _failed(key)
        done += 1
    return done


def _failed(key: int) -> None:
    cause = RuleCause.objects.filter(pk=key).first()
    if cause is None:
        return
    cause.tries += 1
    cause.save(update_fields=["tries"])
    if cause.tries >= MOST_TRIES:
        cause.delete()


@transaction.atomic
def _work_off(key: int) -> None:
    rows = RuleCause.objects.select_for_update(of=("self",)).filter(pk=key)
    cause = rows.select_related("ticket__product", "event__message").first()
    if cause is None:
        return
    ticket = take(cause.ticket, None)
    if ticket.merged_into_id is None and stands(cause, ticket):
        eyes = Eyes(ticket.product)
        for rule in _rules(cause):
            if _try(rule, ticket, cause, eyes):
                break
    cause.delete()


def _rules(cause: RuleCause) -> Iterator[Rule]:
    rows = Rule.objects.filter(
        product=cause.ticket.product_id, active=True, cause=cause.kind
    ).select_related("product")
    if cause.rule_id is not None:
        rows = rows.filter(pk=cause.rule_id)
    if cause.depth:
        rows = rows.filter(after_rules=True)
    return iter(list(rows))


def _try(rule: Rule, ticket: Ticket, cause: RuleCause, eyes: Eyes) -> bool:
    """Whether no further rules are to be tried."""
    document = read(rule.document)
    more = dict(cause.more)
    if cause.event is not None and cause.event.message is not None:
        more["message"] = cause.event.message.text
    seen = eyes.seen(ticket, state_of(ticket), more, cause.at)
    verdict = judge(document, seen, eyes.wider(document))
    if not verdict.fits or _has_fired(rule, cause):
        return False
    now = datetime.now(UTC)
    firing = RuleFiring.objects.create(
        product=rule.product, rule=rule, name=rule.name, version=rule.version, ticket=ticket,
        event=cause.event, cause=cause.kind, key=cause.key, happened=cause.at, at=now,
        depth=cause.depth, checks=[each.row() for each in verdict.checks],
    )  # fmt: skip
    held = _guard(rule, ticket, cause, now)
    if held is not None:
        firing.state, firing.held = RuleFiring.State.HELD, held.as_dict()
        firing.save(update_fields=["state", "held"])
        return False
    return _act(document, firing, ticket)


def _has_fired(rule: Rule, cause: RuleCause) -> bool:
    return RuleFiring.objects.filter(rule=rule, ticket=cause.ticket_id, key=cause.key).exists()


def _guard(rule: Rule, ticket: Ticket, cause: RuleCause, now: datetime) -> Words | None:
    """Why a rule that fits does not act: what it set off came back to it."""
    if cause.depth > MOST_DEPTH:
        return _DEEP
    lately = RuleFiring.objects.filter(rule=rule, ticket=ticket, at__gt=now - WITHIN)
    often = lately.exclude(state=RuleFiring.State.HELD).count() > MOST_OFTEN
    return _OFTEN if often else None


def _act(document: Document, firing: RuleFiring, ticket: Ticket) -> bool:
    """All actions in their order; what one refuses does not hold up the next."""
    with _acting(firing) as acting:
        firing.done = [_do(deed, firing, ticket, acting) for deed in document.then]
    if any(each["result"] == "failed" for each in firing.done):
        firing.state = RuleFiring.State.PARTLY
    firing.save(update_fields=["done", "state"])
    return any(deed.do == "stop" for deed in document.then)


@contextmanager
def _acting(firing: RuleFiring) -> Iterator[Acting]:
    acting = Acting(firing.depth)
    token = ACTING.set(acting)
    try:
        with on_behalf_of(rule={"id": firing.rule_id, "name": firing.name, "firing": firing.pk}):
            yield acting
    finally:
        ACTING.reset(token)


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: str
    problem: Words | None = None


def _do(deed: Deed, firing: RuleFiring, ticket: Ticket, acting: Acting) -> dict[str, Any]:
    before = len(acting.events)
    outcome = _attempt(deed, firing, ticket)
    if outcome.result == "failed":
        del acting.events[before:]
        ticket.refresh_from_db()
    events = acting.events[before:]
    result = "done" if events and outcome.result == "same" else outcome.result
    row: dict[str, Any] = {**deed.row(), "result": result, "events": events}
    return row | ({"problem": outcome.problem.as_dict()} if outcome.problem else {})


def _attempt(deed: Deed, firing: RuleFiring, ticket: Ticket) -> _Outcome:
    try:
        with transaction.atomic():
            did = DOING[deed.do](ticket, deed, firing)
    except UserOpsError as wrong:
        return _Outcome("failed", wrong.words)
    except Exception:
        log.exception("action %s of rule %s on ticket %s", deed.do, firing.rule_id, ticket.pk)
        return _Outcome("failed", _BROKEN)
    return _Outcome("done" if did else "same")
