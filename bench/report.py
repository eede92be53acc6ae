"""What a run says: one JSON for machines, one Markdown page for people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from bench.measuring import Measured
from bench.questions import BY_NAME

OTHERS = ("posthog_shape", "duckdb", "pandas")
NAMES = {
    "userops": "UserOps",
    "posthog_shape": "PostHog shape",
    "duckdb": "DuckDB",
    "pandas": "pandas",
}
TARGETS = {"posthog_shape": 15.0, "duckdb": 20.0}
"""Geometric means that the project wants at 100 M events."""


def result_of(
    measured: Measured,
    ingested: Mapping[str, Any] | None,
    spent: Mapping[str, Mapping[str, float]],
) -> dict[str, Any]:
    """The figures of one size, ready for JSON."""
    events = measured.history.events
    questions = {
        name: _with_ratios(entry)
        for name, entry in measured.questions.items()
        if "userops_ms" in entry
    }
    disk = measured.facts.get("userops", {})
    return {
        "events": events,
        "users": measured.history.users,
        "merged_users": measured.history.merged,
        "questions": questions,
        "skipped": measured.skipped,
        "failed": measured.failed,
        "geomean": _means_of(questions, "times"),
        "geomean_cpu": _means_of(questions, "cpu_times"),
        "bytes_per_event": _round(disk["bytes"] / events) if disk else None,
        "disk": {
            "tables": _per_event(disk.get("tables", {}), events),
            "columns": _per_event(disk.get("columns", {}), events, 0.01),
            **{
                side: _round(facts["bytes"] / events)
                for side, facts in measured.facts.items()
                if side != "userops"
            },
        },
        "loads": measured.loads,
        "ingest": _rounded(ingested or {}),
        "spent": _rounded(spent),
    }


def _with_ratios(entry: Mapping[str, Any]) -> dict[str, Any]:
    ours = entry["userops_ms"]
    ratios = {
        f"times_{side}": entry[f"{side}_ms"] / ours for side in OTHERS if f"{side}_ms" in entry
    }
    ratios |= {
        f"cpu_times_{side}": entry[f"{side}_cpu_ms"] / max(entry["userops_cpu_ms"], 1e-3)
        for side in OTHERS
        if f"{side}_cpu_ms" in entry
    }
    return _rounded({**entry, **ratios})


def _means_of(questions: Mapping[str, Mapping[str, Any]], ratio: str) -> dict[str, float]:
    found = {side: _values(questions, f"{ratio}_{side}") for side in OTHERS}
    return {side: _round(geomean(values)) for side, values in found.items() if values}


def geomean(values: Sequence[float]) -> float:
    return math.exp(sum(math.log(each) for each in values) / len(values))


def _values(questions: Mapping[str, Mapping[str, Any]], key: str) -> list[float]:
    return [entry[key] for entry in questions.values() if key in entry]


def _per_event(sizes: Mapping[str, int], events: int, least: float = 0.0) -> dict[str, float]:
    found = {name: _round(size / events) for name, size in sizes.items()}
    ordered = sorted(found.items(), key=lambda item: -item[1])
    return {name: value for name, value in ordered if value >= least}


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _rounded(value) if isinstance(value, Mapping) else _round(value)
        for name, value in values.items()
    }


def _round(value: Any) -> Any:
    return float(f"{value:.4g}") if isinstance(value, float) else value


def document(machine: Mapping[str, Any], sizes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """`latest.json`: the largest size stands at the top, all of them under `sizes`."""
    return {**sizes[-1], "machine": machine, "growth": _growth(sizes), "sizes": list(sizes)}


def _growth(sizes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How much longer each question takes at each size than at the one before."""
    steps = {}
    for small, large in pairwise(sizes):
        both = [name for name in large["questions"] if name in small["questions"]]
        steps[f"{small['events']}-{large['events']}"] = {
            name: _round(
                large["questions"][name]["userops_ms"] / small["questions"][name]["userops_ms"]
            )
            for name in both
        }
    return steps


def markdown(found: Mapping[str, Any]) -> str:
    """`latest.md`."""
    parts = ["# Benchmark", _machine(found["machine"])]
    for size in reversed(found["sizes"]):
        parts += [f"## {size['events']:,} events, {size['users']:,} users", _questions(size)]
        parts += [_means(size), *_skipped(size), "### On disk", _disk(size)]
        if size["ingest"]:
            parts += ["### Coming in", _ingest(size["ingest"])]
        parts += ["### What the run took", _spent(size["spent"])]
    if found["growth"]:
        parts += ["## Growth", _growing(found["sizes"])]
    parts += ["![Milliseconds of each question, logarithmic](latest.svg)", _legend()]
    return "\n\n".join(parts) + "\n"


def _machine(facts: Mapping[str, Any]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
    return (
        f"{facts['processor']}, {facts['cores']} cores, {facts['memory_gib']} GiB, {facts['system']};"
        f" {versions}. Load average at the start: {facts['load_average']} (other work on the machine slows"
        " all sides, hence ratios; CPU times are in the JSON)."
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _questions(size: Mapping[str, Any]) -> str:
    head = ["question", "UserOps ms", "cold ms", *(NAMES[side] for side in OTHERS)]
    head += ["floor ms", "peak MB", "× PostHog shape", "× DuckDB", "× DuckDB, CPU"]
    return _table(head, [_line(name, entry) for name, entry in size["questions"].items()])


def _line(name: str, entry: Mapping[str, Any]) -> list[str]:
    keys = ("userops_ms", "userops_cold_ms", *(f"{side}_ms" for side in OTHERS), "floor_ms")
    times = [_cell(entry.get(key)) for key in keys]
    wanted = ("times_posthog_shape", "times_duckdb", "cpu_times_duckdb")
    ratios = [_cell(entry.get(ratio)) for ratio in wanted]
    return [BY_NAME[name].says, *times, _cell(entry.get("peak_mb")), *ratios]


def _cell(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _means(size: Mapping[str, Any]) -> str:
    told = [
        f"{_cell(mean)}× faster than {NAMES[side]}"
        + (f" (wanted at 100 M: {TARGETS[side]:g}×)" if side in TARGETS else "")
        for side, mean in size["geomean"].items()
    ]
    slower = [
        f"{name} ({NAMES[side]}, {1 / entry[f'times_{side}']:.1f}×)"
        for name, entry in size["questions"].items()
        for side in ("posthog_shape", "duckdb")
        if entry.get(f"times_{side}", 1) < 1
    ]
    busy = ", ".join(f"{NAMES[side]} {_cell(mean)}×" for side, mean in size["geomean_cpu"].items())
    text = f"Geometric mean: {'; '.join(told)}. By CPU time: {busy}."
    return text + (f" **Slower than others: {', '.join(slower)}.**" if slower else "")


def _skipped(size: Mapping[str, Any]) -> list[str]:
    told = []
    if size["skipped"]:
        why = "; ".join(f"{name} ({why})" for name, why in size["skipped"].items())
        told.append(f"Not asked: {why}.")
    for name, sides in size["failed"].items():
        told += [f"**{NAMES[side]} failed at {name}**: `{why}`" for side, why in sides.items()]
    return told


def _disk(size: Mapping[str, Any]) -> str:
    disk = size["disk"]
    beside = [f"{NAMES[side]} {_cell(disk[side])}" for side in OTHERS if side in disk]
    tables = ", ".join(f"{name} {_cell(value)}" for name, value in disk["tables"].items())
    columns = ", ".join(
        f"{name} {_cell(value)}" for name, value in list(disk["columns"].items())[:16]
    )
    return (
        f"{_cell(size['bytes_per_event'])} bytes an event, rollups and all; {', '.join(beside)}"
        f" (pandas: in memory).\n\nBy table: {tables}.\n\nBy column: {columns}."
    )


def _ingest(rates: Mapping[str, Any]) -> str:
    names = [name for name in rates if name != "shares"]
    table = _table(["way in", "events a second"], [[name, f"{rates[name]:,.0f}"] for name in names])
    shares = _table(
        ["share of the engine's own rate", "%"],
        [[name, f"{100 * share:.1f}"] for name, share in rates["shares"].items()],
    )
    return f"{table}\n\n{shares}"


def _spent(parts: Mapping[str, Mapping[str, float]]) -> str:
    total = {
        name: sum(part[name] for part in parts.values()) for name in ("seconds", "cpu_seconds")
    }
    rows = [
        [name, _cell(part["seconds"]), _cell(part["cpu_seconds"])]
        for name, part in {**parts, "together": total}.items()
    ]
    return _table(["part", "s", "CPU s"], rows)


def _growing(sizes: Sequence[Mapping[str, Any]]) -> str:
    """Processor time and memory of each question by size, how much more the largest takes than the one
    before, and the disk."""
    names = dict.fromkeys(name for size in sizes for name in size["questions"])
    labels = [f"{size['events'] // 1_000_000:,} M" for size in sizes]
    head = [
        "UserOps",
        *(f"CPU ms, {each}" for each in labels),
        "×",
        *(f"MB, {each}" for each in labels),
    ]
    rows = []
    for name in names:
        entries = [size["questions"].get(name, {}) for size in sizes]
        small, large = (each.get("userops_cpu_ms") for each in entries[-2:])
        ratio = f"{large / small:.3g}" if small and large else "–"
        times = [_cell(each.get("userops_cpu_ms")) for each in entries]
        memory = [_cell(each.get("peak_mb")) for each in entries]
        rows.append([BY_NAME[name].says, *times, ratio, *memory])
    disk = [_cell(size["bytes_per_event"]) for size in sizes]
    beside = ", ".join(f"{each} ({label})" for each, label in zip(disk, labels, strict=True))
    return f"{_table(head, rows)}\n\nBytes an event on disk, rollups and all: {beside}."


def _legend() -> str:
    return (
        "Milliseconds are medians of rounds in which all sides take turns, answers compared row by row; caches"
        " of results are off. How each side is set up, what is measured how, and what limits us:"
        " [bench/README.md](../README.md)."
    )
