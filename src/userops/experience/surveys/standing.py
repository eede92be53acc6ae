"""What is known of a survey and of a person when it is asked whether the one may ask the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from pyroaring import BitMap

from userops.audience.people import scope_of
from userops.audience.segments.refreshing import members_of
from userops.events import profiles
from userops.events.identity import Forest, chunks
from userops.events.models import Product
from userops.events.store import Store
from userops.experience.surveys.gates import Rules, Standing
from userops.experience.surveys.models import (
    Budget,
    Contact,
    OptOut,
    Response,
    Step,
    Survey,
)
from userops.experience.surveys.sampling import place

ADDRESSES = ("email", "$email", "mail", "e_mail", "邮箱")
"""Profile properties that are taken for an e-mail address, the first one that is there."""
ASKED = (Step.SHOWN, Step.SENT)


def rules_of(survey: Survey) -> Rules:
    """What holds for everybody."""
    budget = Budget.objects.filter(product=survey.product_id).first() or Budget()
    # who answered an anonymous survey is not known: nobody can be asked until they answer
    until = survey.anonymous and survey.again == Survey.Again.UNTIL_ANSWERED
    again: Any = Survey.Again.ONCE if until else survey.again
    return Rules(
        anonymous=survey.anonymous,
        running=survey.state == Survey.State.RUNNING and survey.version_id is not None,
        ways=tuple(survey.ways),
        opens=survey.opens,
        closes=survey.closes,
        full=is_full(survey),
        trigger_event=survey.trigger_event,
        in_segment_only=survey.segment_id is not None,
        sample_percent=survey.sample_percent,
        again=again,
        again_days=survey.again_days,
        most_times=survey.most_times,
        own_clock=survey.own_clock,
        budget_most=budget.most,
        budget_days=budget.days,
    )


def is_full(survey: Survey) -> bool:
    if survey.most is None:
        return False
    done = survey.responses.filter(state=Response.State.COMPLETED)
    return bool(done.count() >= survey.most)


def audience(store: Store, survey: Survey) -> BitMap | None:
    """Who is in the survey's segment now; None without one."""
    if survey.segment is None:
        return None
    return members_of(survey.segment, scope_of(store, survey.product))


def standing_of(store: Store, survey: Survey, person: int | None) -> Standing:
    """One person, or nobody who is known."""
    if person is None:
        return Standing(known=False, in_segment=survey.segment_id is None)
    return standings(store, survey, [person])[person]


def standings(store: Store, survey: Survey, persons: Iterable[int]) -> dict[int, Standing]:
    """These persons (first uids), however many."""
    wanted = list(persons)
    members = audience(store, survey)
    forest = Forest(survey.product_id)
    forest.load(wanted)
    owner = {uid: person for person in wanted for uid in forest.members(person)}
    asked, elsewhere = _asked(survey, owner)
    answered = _answered(survey, owner)
    out = _owners(OptOut.objects.filter(product=survey.product_id), owner)
    addresses = addresses_of(survey.product, wanted, forest) if "mail" in survey.ways else {}
    return {
        person: Standing(
            opted_out=person in out,
            in_segment=members is None or person in members,
            place=place(survey.seed, person),
            answered=person in answered,
            asked=tuple(asked[person]),
            asked_by_others=tuple(elsewhere[person]),
            address=person in addresses,
        )
        for person in wanted
    }


def addresses_of(product: Product, persons: list[int], forest: Forest) -> dict[int, str]:
    """The e-mail address in the profile of each person that has one."""
    members = {person: forest.members(person) for person in persons}
    own = profiles.load(product.pk, [uid for uids in members.values() for uid in uids])
    found = {}
    for person, uids in members.items():
        properties = profiles.joined(uids, own)
        text = next((str(properties[key]) for key in ADDRESSES if properties.get(key)), "")
        if "@" in text and len(text) < 255 and text.isprintable() and " " not in text:
            found[person] = text
    return found


_Times = dict[int, list[datetime]]


def _asked(survey: Survey, owner: dict[int, int]) -> tuple[_Times, _Times]:
    """When this survey asked each person, and when others on the common clock did."""
    mine: _Times = defaultdict(list)
    others: _Times = defaultdict(list)
    since = datetime.now(UTC) - timedelta(days=370)
    for chunk in chunks(owner):
        rows = Contact.objects.filter(
            survey__product=survey.product_id, person__in=chunk, step__in=ASKED, last__gte=since
        ).values_list("person", "survey", "survey__own_clock", "last", "step", "way")
        for person, key, own_clock, last, step, way in rows:
            # a mail that was sent and its page that was then shown are one time
            if step == Step.SHOWN and way != "in_app":
                continue
            if key == survey.pk:
                mine[owner[person]].append(last)
            elif not own_clock:
                others[owner[person]].append(last)
    return mine, others


def _answered(survey: Survey, owner: dict[int, int]) -> set[int]:
    if survey.anonymous:
        return set()
    done = Response.objects.filter(survey=survey).exclude(state=Response.State.STARTED)
    return _owners(done, owner)


def _owners(rows: Any, owner: dict[int, int]) -> set[int]:
    found: set[int] = set()
    for chunk in chunks(owner):
        found |= {
            owner[uid] for uid in rows.filter(person__in=chunk).values_list("person", flat=True)
        }
    return found
