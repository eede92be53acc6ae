"""Long work watched from the command line."""

from __future__ import annotations

from typing import Any

import click
import pytest

from userops.cli import watching


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
