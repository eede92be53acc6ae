"""The whole benchmark at a small size: all sides answer all questions alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pyarrow import compute, parquet

from bench.history import make
from bench.main import Options, question_names, run
from bench.measuring import AnswersDiffer, _compare
from bench.questions import BY_NAME
from bench.spending import Spending

EVENTS = 20_000


@pytest.fixture
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("USEROPS_", "DJANGO_"))]:
        monkeypatch.delenv(name)


def test_all_sides_agree(tmp_path: Path, own_environment: None) -> None:
    out = tmp_path / "out"
    # differing answers raise
    run(Options(events=[EVENTS], keep=tmp_path / "data", out=out, cold=(), with_ingest=False))
    found = json.loads((out / "latest.json").read_text())
    assert found["events"] == EVENTS and found["bytes_per_event"] > 0
    assert set(found["questions"]) | set(found["skipped"]) == set(question_names())
    for name, entry in found["questions"].items():
        sides = ("userops", "posthog_shape", "duckdb", "pandas")
        assert all(entry[f"{side}_ms"] > 0 for side in sides), name
        assert entry["floor_bytes"] > 0, name
    assert set(found["geomean"]) == {"posthog_shape", "duckdb", "pandas"}
    assert found["spent"]["loading"]["cpu_seconds"] > 0
    page = (out / "latest.md").read_text(encoding="utf-8")
    assert all(BY_NAME[name].says in page for name in found["questions"])
    assert (out / "latest.svg").read_text(encoding="utf-8").startswith("<svg")


def test_the_history_of_a_seed_is_the_same_and_skewed(tmp_path: Path) -> None:
    one, other = (make(tmp_path / name, EVENTS) for name in ("one", "other"))
    table = parquet.read_table(one.parquet)
    assert table.equals(parquet.read_table(other.parquet))
    assert table.num_rows == EVENTS == len(set(table["uuid"].to_pylist()))
    assert len(set(table["event"].to_pylist())) >= 30
    per_user = np.sort(np.bincount(table["person"].to_numpy()))[::-1]
    assert per_user.min() >= 1 and per_user[: len(per_user) // 10].sum() > 0.25 * EVENTS
    assert 0.10 < one.merged / one.users < 0.20
    delay = compute.subtract(table["received"].cast("int64"), table["time"].cast("int64"))
    late = np.mean(delay.to_numpy() > 3_600_000)
    assert 0.01 < late < 0.03
    order = table["received"].cast("int64").to_numpy()
    assert np.mean(np.diff(order) >= 0) > 0.99


def test_differing_answers_stop_the_run() -> None:
    question = BY_NAME["uniques_90d"]
    _compare(question, {"userops": [(3,)], "duckdb": [(3,)]})
    with pytest.raises(AnswersDiffer, match="uniques_90d"):
        _compare(question, {"userops": [(3,)], "duckdb": [(4,)]})


def test_work_of_children_counts() -> None:
    spending = Spending()
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    with spending.on("child"):
        subprocess.run([sys.executable, "-c", burn], check=True)
    with spending.on("nothing"):
        pass
    assert spending.parts["child"]["cpu_seconds"] >= 0.25
    assert spending.parts["nothing"]["cpu_seconds"] < 0.25
