from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from userops.cli.commands import bench
from userops.errors import NotFound


def test_questions_are_listed_and_wrong_names_refused():
    listed = CliRunner().invoke(bench.command, ["--questions"])
    assert "funnel_4_7d" in listed.output.split()
    for wrong in (["--only", "nothing"], ["--sides", "x"], ["--events", "ten"], ["--events", "1"]):
        assert CliRunner().invoke(bench.command, wrong).exit_code == 2


def test_without_a_checkout_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bench, "CHECKOUT", tmp_path)
    with pytest.raises(NotFound, match="checkout"):
        bench.command.main([], standalone_mode=False)
