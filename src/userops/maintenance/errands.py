"""What the command line asks of an open store, by name: run here, or by the server that owns the folder.

Each errand takes the store and JSON values, and answers JSON values, so that both ways are one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from userops.errors import NotFound
from userops.events import quarantine
from userops.events.checking import check as check_store
from userops.events.checking import check_rollups as verify_rollups
from userops.events.erasure import erase as erase_person
from userops.events.identity import person_of
from userops.events.store import Store
from userops.maintenance import (
    alerting,
    annotating,
    bringing,
    calendars,
    channelling,
    comparing,
    describing,
    imports,
    paining,
    personas,
    reporting,
    requiring,
    ruling,
    scheduling,
    segmenting,
    surveying,
    ticketing,
    understanding,
)
from userops.words import Words

Errand = Callable[..., Any]


def check(store: Store) -> list[dict[str, Any]]:
    """All findings; no batch is written meanwhile."""
    with store.batches.idle():
        return [finding.as_dict() for finding in check_store(store)]


def check_rollups(store: Store, *, repair: bool) -> list[dict[str, Any]]:
    """Whether the daily rollups agree with the events; no batch is written while they are compared."""
    return [finding.as_dict() for finding in verify_rollups(store, repair=repair)]


def backup(store: Store, *, file: str) -> dict[str, object]:
    """Write a backup of the folder while it is in use; answers its manifest."""
    from userops.maintenance import archive

    return archive.write_online(store, Path(file))


def quarantine_groups(store: Store, *, product: str) -> list[dict[str, Any]]:
    """How many rows wait for each reason."""
    groups = quarantine.groups(store.product(product))
    return [{"code": each.code, "door": each.door, "rows": each.rows} for each in groups]


def quarantine_rows(store: Store, *, product: str, code: str) -> str:
    """The waiting rows as CSV."""
    rows = quarantine.waiting(store.product(product), code)
    return "".join(quarantine.export_csv(rows.iterator()))


def quarantine_replay(store: Store, *, product: str, code: str) -> dict[str, Any]:
    """Read the waiting rows again."""
    found = store.product(product)
    done = quarantine.replay(store.ingest, found, list(quarantine.waiting(found, code)))
    return {"taken": done.taken, "stored": done.stored, "refused": dict(done.refused)}


def find_person(store: Store, *, product: str, user: str) -> int:
    """The person that an id belongs to. Raises `NotFound`."""
    person = person_of(store.product(product).pk, user)
    if person is None:
        raise NotFound(
            Words(f"没有用户 {user!r}。", f"There is no user {user!r}."), code="user_not_found"
        )
    return person


def erase(store: Store, *, product: str, user: str) -> dict[str, Any]:
    """Erase the person of an id; answers the proof."""
    person = find_person(store, product=product, user=user)
    proof: dict[str, Any] = erase_person(
        store, store.product(product), person, asked_by="command line"
    ).proof
    return proof


ERRANDS: dict[str, Errand] = {
    "check": check,
    "check-rollups": check_rollups,
    "backup": backup,
    "quarantine-groups": quarantine_groups,
    "quarantine-rows": quarantine_rows,
    "quarantine-replay": quarantine_replay,
    "find-person": find_person,
    "erase": erase,
    "alerts": alerting.listing,
    "alerts-check": alerting.check,
    "annotations": annotating.listing,
    "annotate": annotating.create,
    "annotation-change": annotating.change,
    "annotation-delete": annotating.delete,
    "facts": describing.facts,
    "facts-refresh": describing.refresh_facts,
    "segments": segmenting.listing,
    "segment": segmenting.show,
    "segment-create": segmenting.create,
    "segment-count": segmenting.count,
    "segment-refresh": segmenting.refresh,
    "segment-export": segmenting.export,
    "segment-compare": comparing.compare,
    "segment-overlap": comparing.overlap,
    "report-build": reporting.make,
    "reports": reporting.listing,
    "report": reporting.show,
    "report-issue": reporting.sign,
    "personas": personas.listing,
    "persona-show": personas.show,
    "persona-run": personas.run,
    "persona-schedule": personas.schedule,
    "tags": describing.tags,
    "tag-create": describing.create,
    "tag-personal": describing.personal,
    "tag-put": describing.put,
    "tag-take": describing.take,
    "tag-import": describing.bring,
    "tag-refresh": describing.refresh,
    "tag-delete": describing.delete,
    "tag-history": describing.history,
    "report-schedules": scheduling.listing,
    "report-schedule-add": scheduling.make,
    "report-schedule-change": scheduling.change,
    "report-schedule-run": scheduling.run,
    "report-schedule-log": scheduling.log,
    "pain-points": paining.listing,
    "pain-point": paining.show,
    "pain-point-compute": paining.compute,
    "pain-point-create": paining.create,
    "surveys": surveying.listing,
    "survey-results": surveying.results,
    "survey-waves": surveying.waves,
    "survey-breakdown": surveying.breakdown,
    "survey-drivers": surveying.drivers,
    "survey-weights": surveying.weights,
    "survey-import": surveying.take,
    "survey-undo": surveying.undo,
    "survey-facts": surveying.facts,
    "survey-topics": surveying.topics,
    "survey-topic": surveying.topic,
    "survey-topics-grow": surveying.grow_topics,
    "survey-topics-growing": surveying.topics_growing,
    "calendars": calendars.listing,
    "calendar-add": calendars.make,
    "calendar-table": calendars.table,
    "calendar-take": calendars.take,
    "calendar-day": calendars.set_day,
    "calendar-due": calendars.due,
    "channels": channelling.listed,
    "channel-create": channelling.make,
    "channel-change": channelling.change,
    "channel-test": channelling.attempt,
    "channel-delete": channelling.delete,
    "aside-mails": channelling.aside_listed,
    "aside-mail": channelling.aside_shown,
    "aside-ticket": channelling.aside_to_ticket,
    "aside-delete": channelling.aside_deleted,
    "tickets": ticketing.found,
    "ticket-open": ticketing.make,
    "ticket-show": ticketing.show,
    "ticket-answer": ticketing.answer,
    "ticket-note": ticketing.add_note,
    "ticket-change": ticketing.change,
    "ticket-merge": ticketing.merge,
    "ticket-unmerge": ticketing.unmerge,
    "ticket-import": bringing.take,
    "ticket-imports": bringing.listing,
    "ticket-import-undo": bringing.undo,
    "requirements": requiring.listing,
    "requirement": requiring.show,
    "requirement-create": requiring.create,
    "requirement-link": requiring.link,
    "requirement-move": requiring.move,
    "requirement-tell": requiring.tell,
    "rules": ruling.rules,
    "rule": ruling.rule,
    "rule-add": ruling.make,
    "rule-switch": ruling.switch,
    "rule-dry-run": ruling.dry_run,
    "rule-log": ruling.log,
    "deadline-policies": ruling.policies,
    "ticket-deadlines": ruling.clocks,
    "on-time": ruling.kept,
    "ticket-sorting": ruling.sorting,
    "understanding": understanding.understanding,
    "understanding-learn": understanding.learn,
    "understanding-reading": understanding.reading,
    "understanding-correct": understanding.correct,
    "understanding-read": understanding.read_period,
    "understanding-run": understanding.run,
    "topics": understanding.topics,
    "topic": understanding.topic,
    "topics-grow": understanding.grow_topics,
    "topics-growing": understanding.growing,
    "topic-change": understanding.change_topic,
    "import-start": imports.start,
    "import-state": imports.state,
    "import-cancel": imports.cancel,
}
