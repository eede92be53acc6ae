"""Work on many blocks at a time."""

from __future__ import annotations

import threading
from contextvars import ContextVar
from dataclasses import replace

import pytest

from userops.analyses.side_by_side import side_by_side

language: ContextVar[str] = ContextVar("language", default="zh")


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_results_come_in_order_and_work_knows_who_asked(make_scope, threads):
    scope = replace(make_scope([]), threads=threads)
    language.set("en")
    late = threading.Event()

    def work(number: int) -> tuple[int, str]:
        if threads > 1 and number == 0:
            assert late.wait(10)  # a later one is done first
        if number == 1:
            late.set()
        return number, language.get()

    assert list(side_by_side(work, range(9), scope)) == [(each, "en") for each in range(9)]
    assert list(side_by_side(work, [], scope)) == []


def test_what_goes_wrong_is_raised(make_scope):
    def work(number: int) -> int:
        return 1 // (number - 3)

    with pytest.raises(ZeroDivisionError):
        list(side_by_side(work, range(9), make_scope([])))
