from __future__ import annotations

import threading
import time

import pytest

from userops.analyses.turns import Turns
from userops.events.engine import QueryCancelled


def wait_until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


class Asker(threading.Thread):
    """Holds a turn until it is let go."""

    def __init__(self, turns, name, order, query_id=None, question=None):
        super().__init__(daemon=True)
        self.turns, self.asker, self.order, self.query_id = turns, name, order, query_id
        self.question = question
        self.go, self.failure = threading.Event(), None

    def run(self):
        try:
            with self.turns.turn(self.asker, self.query_id, self.question):
                self.order.append(self.asker)
                self.go.wait(10)
        except QueryCancelled as wrong:
            self.failure = wrong


def begin(turns, name, order, **more):
    asker = Asker(turns, name, order, **more)
    before = turns.waiting + turns._running.total()
    asker.start()
    wait_until(lambda: turns.waiting + turns._running.total() > before)
    return asker


def test_one_reader_with_many_questions_does_not_hold_up_another():
    turns, order = Turns(2), []
    many = [begin(turns, "many", order) for _ in range(6)]
    one = begin(turns, "one", order)
    wait_until(lambda: len(order) == 2)
    assert order == ["many", "many"] and turns.waiting == 5
    many[0].go.set()
    wait_until(lambda: len(order) == 3)
    assert order[2] == "one"
    for each in (*many, one):
        each.go.set()
    for each in (*many, one):
        each.join(5)
    assert len(order) == 7 and turns.waiting == 0 and turns._running.total() == 0


def test_a_question_that_waits_is_cancelled_at_once():
    turns, order = Turns(1), []
    first = begin(turns, "a", order)
    second = begin(turns, "b", order, query_id="stop-me")
    turns.cancel("unknown")
    begun = time.monotonic()
    turns.cancel("stop-me")
    second.join(5)
    assert isinstance(second.failure, QueryCancelled) and time.monotonic() - begun < 1
    first.go.set()
    first.join(5)
    with turns.turn("c"):
        assert order == ["a"]


def test_a_failing_question_gives_its_turn_back():
    turns = Turns(1)
    for _ in range(3):
        with pytest.raises(ValueError), turns.turn("a"):
            raise ValueError
    with turns.turn("a"):
        pass


def test_a_crowd_is_told_to_who_has_a_turn():
    turns = Turns(1)
    with turns.turn("one"):
        assert not turns.crowded
        other = begin(turns, "two", [])
        assert turns.crowded
    other.go.set()
    other.join(5)
    assert not turns.crowded


def test_while_a_question_is_answered_an_equal_one_lets_others_go_first():
    turns, order = Turns(2), []
    funnel = begin(turns, "one", order, question="funnel")
    other = begin(turns, "two", order, question="trend")
    again = begin(turns, "three", order, question="funnel")
    last = begin(turns, "two", order, question="distribution")
    other.go.set()
    wait_until(lambda: len(order) == 3)
    assert order == ["one", "two", "two"]
    last.go.set()  # nobody else waits
    wait_until(lambda: len(order) == 4)
    for each in (funnel, again):
        each.go.set()
    for each in (funnel, other, again, last):
        each.join(5)
    assert order[3] == "three" and not turns._questions
