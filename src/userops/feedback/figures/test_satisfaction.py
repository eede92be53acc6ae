"""Satisfaction: its interval, and which ratings a period holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from userops.feedback.figures.satisfaction import Satisfaction, interval, run
from userops.feedback.telling.models import Rating
from userops.feedback.tickets.models import TicketEvent
from userops.records.figure import NoRecords, Span


@pytest.mark.parametrize("scores", [[], [5], [4, 4], [5] * 200])
def test_ratings_without_spread_have_no_interval(scores):
    assert interval(scores) == (None, None)


def test_the_interval_stays_on_the_scale():
    low, high = interval([5, 5, 4])
    assert low < 91.7 < high == 100.0


def test_a_rating_counts_with_the_ending_that_it_is_of(make_ticket, product):
    """Not with the day on which the user gave it: who answers later still says how that solution was."""
    today = datetime.now(UTC).replace(hour=4, minute=0)
    ended = today - timedelta(days=10)
    ticket = make_ticket(channel="import", at=ended - timedelta(days=1))
    event = TicketEvent.objects.create(
        ticket=ticket, kind="status", at=ended, data={"from": "open", "to": "solved"}
    )
    Rating.objects.create(ticket=ticket, ending=event, score=4, at=ended + timedelta(days=5))
    query = Satisfaction(product=product.slug)

    def within(first, last):
        return Span(product.pk, UTC, datetime.now(UTC), first.date(), last.date())

    found = run(query, within(ended - timedelta(days=2), ended))
    assert (found["n"], found["asked"], found["score"]) == (1, 1, 75.0)
    with pytest.raises(NoRecords):
        run(query, within(ended + timedelta(days=1), today))
