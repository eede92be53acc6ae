"""Many tickets in one transaction: what each of them would ask anew is read once for all."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
T = TypeVar("T")
SOON = 10
"""Priority of a task for which somebody waits: before what is done in batches."""
_READ: ContextVar[dict[Hashable, Any] | None] = ContextVar("read_in_this_pass", default=None)


@dataclass(frozen=True, slots=True)
class _Queued:
    task: Callable[..., Any]
    given: tuple[Any, ...]

    def __call__(self) -> None:
        self.task(*self.given)


def after_commit(task: Callable[..., Any], *given: Any) -> None:
    """Queue a task when this transaction has ended: once, however often it is asked for."""
    wanted = _Queued(task, given)
    if all(
        each != wanted for _savepoints, each, _robust in transaction.get_connection().run_on_commit
    ):
        transaction.on_commit(wanted)


@contextmanager
def one_pass() -> Iterator[None]:
    """A transaction in which policies, rules and permissions count as they were when they were first asked."""
    token = _READ.set({})
    try:
        with transaction.atomic():
            yield
    finally:
        _READ.reset(token)


def once_in_a_pass(function: Callable[P, T]) -> Callable[P, T]:
    """Asked once for the same arguments, within `one_pass`; elsewhere always. What it raises is not remembered."""

    @wraps(function)
    def asked(*given: P.args, **named: P.kwargs) -> T:
        read = _READ.get()
        if read is None:
            return function(*given, **named)
        key = (function, given, tuple(sorted(named.items())))
        if key not in read:
            read[key] = function(*given, **named)
        found: T = read[key]
        return found

    return asked
