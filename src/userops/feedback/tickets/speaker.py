"""Who speaks: what the house knows of the user behind a ticket."""

from __future__ import annotations

from dataclasses import dataclass, field

from userops.audience.facts.definitions import FACTS
from userops.audience.facts.reading import Known, of_person
from userops.audience.people import Identity, identity_of, name_in
from userops.audience.person.labels import Labels, Told
from userops.audience.segments.masking import masked
from userops.audience.segments.models import Segment
from userops.errors import NotFound
from userops.events import profiles, timeline
from userops.events.models import UserId
from userops.events.store import Store
from userops.feedback.tickets.models import Ticket

RECENT = 200
SHOWN = 12
TROUBLE = ("error", "crash", "exception", "fail", "错误", "崩溃", "异常", "失败")
"""An event whose name holds one of these tells of trouble."""
_FIRST = ("$amount", "$rfm", "$lifecycle", "$last_seen", "$active_days_30", "$events")
"""What an agent looks at first; the rest is folded."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """One end user as the desk sees them. `facts`: value, risk and the like; `troubles`: of `RECENT` events."""

    who: Identity
    name: str
    profile: list[tuple[str, str]]
    summary: timeline.Summary
    facts: list[Known]
    more_facts: list[Known]
    segments: list[Segment]
    recent: list[Told]
    troubles: list[Told] = field(default_factory=list)


def speaker_of(ticket: Ticket, store: Store) -> Speaker | None:
    """Nobody, when no event ever came from a user of that id."""
    uid = ticket.person if ticket.person is not None else _uid(ticket)
    if uid is None:
        return None
    try:
        who = identity_of(ticket.product, uid)
    except NotFound:
        return None
    product, labels = ticket.product, Labels(ticket.product)
    known = {each.name: each for each in of_person(store, product, who.uids)}
    profile = profiles.of_person(product.pk, who.uids)
    summary = timeline.summary(store.engine, product.pk, who.uids)
    # whole events are costly to read, and most users never met trouble
    troubled = any(_is_trouble(each.event, labels) for each in summary.by_event)
    limit = RECENT if troubled else SHOWN
    newest = timeline.moments(store.engine, product.pk, who.uids, limit=limit)
    told = [labels.told(each) for each in newest]
    return Speaker(
        who=who,
        name=name_in(profile),
        profile=[(labels.user_property(key), str(value)) for key, value in sorted(profile.items())],
        summary=summary,
        facts=[known[name] for name in _FIRST if name in known],
        more_facts=[known[fact.name] for fact in FACTS if fact.name in {*known} - {*_FIRST}],
        segments=[each for each in Segment.objects.filter(product=product) if each.fact in known],
        recent=told[:SHOWN],
        troubles=[each for each in told if _is_trouble(each.moment.event, labels)][:SHOWN],
    )


def _uid(ticket: Ticket) -> int | None:
    """Users may send their first event after their first word."""
    known_as = [each for each in (ticket.distinct_id, ticket.email, ticket.phone) if each]
    ids = UserId.objects.filter(product=ticket.product_id, distinct_id__in=known_as)
    return ids.values_list("uid", flat=True).first()


def _is_trouble(event: str, labels: Labels) -> bool:
    name = f"{event} {labels.event(event)}".lower()
    return any(each in name for each in TROUBLE)


def contacts_of(ticket: Ticket, *, whole: bool) -> list[tuple[str, str]]:
    """(field, value): masked for roles that may not see single users."""
    given = {name: getattr(ticket, name) for name in ("distinct_id", "email", "phone")}
    return [(name, value if whole else masked(value)) for name, value in given.items() if value]
