"""Long work watched from the command line."""

from __future__ import annotations

from typing import Any

import click
import pytest

from userops.cli import watching
from userops.maintenance import alone


def test_ctrl_c_cancels_and_ends_the_command(monkeypatch: Any, capsys: Any) -> None:
    def pressed(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(watching.time, "sleep", pressed)
    cancelled: list[bool] = []
    with pytest.raises(click.exceptions.Exit) as ended:
        watching.watch(
            lambda: {"state": "running"},
            lambda: {"cancelled": cancelled.append(True)},
            lambda _state: 0.5,
            quiet=True,
        )
    assert ended.value.exit_code == 130 and cancelled == [True]
    assert "Cancelled" in capsys.readouterr().err


@pytest.mark.parametrize("here", [True, False])
def test_work_without_a_server_is_shown_and_cancelled(monkeypatch: Any, here: bool) -> None:
    monkeypatch.setattr(alone, "alone", lambda: here)
    told: list[Any] = []
    assert alone.done_here(lambda: told.append("done"), lambda: told.append("cancelled")) is here
    assert told == (["done"] if here else [])

    def pressed() -> None:
        raise KeyboardInterrupt

    if here:
        with pytest.raises(KeyboardInterrupt):
            alone.done_here(pressed, lambda: told.append("cancelled"))
        assert told == ["done", "cancelled"]


def test_a_bar_is_there_only_where_something_is_told(capsys: Any) -> None:
    with watching.shown_here(quiet=False):
        pass
    assert capsys.readouterr().err == "" and alone.SHOWN.get() is None
    with watching.shown_here(quiet=False):
        show = alone.SHOWN.get()
        assert show is not None
        show(0.5)
    assert capsys.readouterr().err != ""
    ended = {"state": "done"}
    assert watching.watch(lambda: ended, dict, lambda _state: 1.0, quiet=False) == ended
    assert capsys.readouterr().err == ""
