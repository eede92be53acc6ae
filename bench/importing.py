"""How fast data comes in, beside the engine's own insert: `uv run python bench/importing.py`.

One run, one machine: the same generated events go into the engine as ready Arrow blocks (the raw rate,
with the same structure and the same fsync), then through the import as Parquet and as CSV. Profiles and
identities of the same users follow. The table gives rates and their share of the raw one.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import csv, parquet

BLOCK = 500_000
"""Rows of a raw insert."""
COLUMNS = (
    "--user", "distinct_id", "--time", "time", "--event", "event", "--uuid", "uuid", "--all-props",
)  # fmt: skip
NAMES = [f"event_{n:02}" for n in range(30)]
CITIES = ["上海", "北京", "广州", "深圳", "杭州", "成都", "武汉", "西安", "南京", "苏州"]
DAYS = 90
START = 1_775_000_000_000
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("USEROPS_")}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-c", "from userops.cli import main; main()", *map(str, arguments)]


def frame(rows: int, first: int, users: int) -> pl.DataFrame:
    """Seeded events: heavy-tailed users, skewed event names, a few properties. In order of time."""
    rng = np.random.default_rng(first)
    who = (users * rng.random(rows) ** 3).astype(np.int64)
    names = np.array(NAMES)[np.minimum(rng.zipf(1.5, rows) - 1, 29)]
    span = DAYS * 86_400_000
    ts = START + np.sort(rng.integers(0, span, rows))
    raw = rng.integers(0, 2**63, (2, rows), dtype=np.uint64)
    high, low = ([f"{v:016x}" for v in half.tolist()] for half in raw)
    amount = np.where(rng.random(rows) < 0.15, np.round(rng.exponential(120, rows), 2), np.nan)
    return pl.DataFrame(
        {
            "uuid": [
                f"{a[:8]}-{a[8:12]}-{a[12:]}-{b[:4]}-{b[4:]}"
                for a, b in zip(high, low, strict=True)
            ],
            "distinct_id": pl.Series(who).cast(pl.String).str.zfill(9),
            "event": names,
            "time": pl.Series(ts).cast(pl.Datetime("ms")).dt.replace_time_zone("UTC"),
            "platform": np.array(["ios", "android", "web", "mini"])[rng.integers(0, 4, rows)],
            "channel": np.array(["ads", "search", "share", "direct", "push"])[who % 5],
            "app_version": np.array(["5.0.1", "5.1.0", "5.2.0"])[rng.integers(0, 3, rows)],
            "city": np.array(CITIES)[who % 10],
            "page": np.array([f"/p/{n}" for n in range(200)])[rng.integers(0, 200, rows)],
            "amount": pl.Series(amount).fill_nan(None),
            "sku": np.array([f"sku-{n}" for n in range(5000)])[rng.integers(0, 5000, rows)],
            "position": rng.integers(0, 50, rows),
            "vip": np.array(["yes", "no"])[(who % 7 == 0).astype(int)],
        }
    )


def write(folder: Path, rows: int) -> tuple[Path, Path]:
    """The same events as Parquet and as CSV."""
    users = max(rows // 25, 1000)
    as_parquet, as_csv = folder / "events.parquet", folder / "events.csv"
    writer = out = None
    for first in range(0, rows, BLOCK):
        part = frame(min(BLOCK, rows - first), first, users).to_arrow()
        part = part.cast(pa.schema([(f.name, _plain(f.type)) for f in part.schema]))
        writer = writer or parquet.ParquetWriter(as_parquet, part.schema, compression="zstd")
        writer.write_table(part)
        texts = pl.from_arrow(part)
        assert isinstance(texts, pl.DataFrame)
        texts = texts.with_columns(pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"))
        out = out or csv.CSVWriter(as_csv, texts.to_arrow().schema)
        out.write_table(texts.to_arrow())
    assert writer is not None
    assert out is not None
    writer.close()
    out.close()
    return as_parquet, as_csv


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) else kind


def ready_blocks(path: Path, size: int) -> list[pa.Table]:
    """The rows as the events table takes them: what the raw rate is measured with."""
    blocks = []
    for batch in parquet.ParquetFile(path).iter_batches(batch_size=size):
        rows = pl.from_arrow(batch)
        assert isinstance(rows, pl.DataFrame)
        props = pl.concat_str(
            pl.lit('{"position":'), pl.col("position").cast(pl.String), pl.lit(',"sku":"'),
            pl.col("sku"), pl.lit('","vip":"'), pl.col("vip"), pl.lit('"}'),
        )  # fmt: skip
        ready = rows.with_columns(
            product=pl.lit(1, pl.UInt32),
            uid=pl.col("distinct_id").cast(pl.UInt32),
            batch=pl.lit(1, pl.UInt64),
            received=pl.lit(START).cast(pl.Datetime("ms")).dt.replace_time_zone("UTC"),
            props=props,
            ts=pl.col("time"),
            source=pl.lit("import"),
        ).drop("distinct_id", "time", "sku", "position", "vip")
        table = ready.to_arrow()
        blocks.append(table.cast(pa.schema([(f.name, _plain(f.type)) for f in table.schema])))
    return blocks


def raw(folder: Path, path: Path, size: int = BLOCK, limit: int = 10**12) -> tuple[float, float]:
    """Ready blocks into a table with the structure of `events`: rows a second, and µs of processor time
    a row, which a busy machine does not blur."""
    blocks = ready_blocks(path, size)[: max(limit // size, 1)]
    source = (
        "import sys; from bench.importing import insert_raw;"
        f"insert_raw({str(folder / 'raw')!r}, sys.argv[1])"
    )
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".arrow") as file:
        with pa.ipc.new_file(file.name, blocks[0].schema) as out:
            for block in blocks:
                out.write_table(block, max_chunksize=size)
        done = subprocess.run(
            [sys.executable, "-c", source, file.name],
            env=ENVIRONMENT | {"PYTHONPATH": str(Path(__file__).parent.parent)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    rate, work = map(float, done.stdout.split()[-2:])
    return rate, work


def insert_raw(data: str, path: str) -> None:
    """In a process of its own: the embedded engine opens one folder a process."""
    Path(data).mkdir(exist_ok=True)
    os.environ["USEROPS_DATA"] = data
    os.environ["DJANGO_SETTINGS_MODULE"] = "userops.web.settings"
    import django

    django.setup()
    from userops.events import schema
    from userops.events.engine import Engine

    engine = Engine(f"chdb://{data}/engine")
    schema.migrate(engine)
    engine.command("drop table if exists raw_events sync")
    engine.command("create table raw_events as events")
    kept = {row[0] for row in engine.rows("describe table events")}
    with pa.ipc.open_file(path) as file:
        blocks = [
            pa.Table.from_batches([file.get_batch(n)]) for n in range(file.num_record_batches)
        ]
    blocks = [b.select([n for n in b.column_names if n in kept]) for b in blocks]
    begun, work = time.monotonic(), time.process_time()
    for block in blocks:
        engine.insert("raw_events", block)
    spent, work = time.monotonic() - begun, time.process_time() - work
    rows = sum(block.num_rows for block in blocks)
    print(rows / spent, work / rows * 1e6)
    engine.command("drop table raw_events sync")
    engine.close()


def import_file(path: Path, data: Path, *arguments: str) -> dict[str, Any]:
    """The outcome of one import in a process of its own, with the peak of its memory."""
    process = subprocess.Popen(
        command("import", path, "--product", "bench", *arguments, "--data", data, "--json"),
        env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out, err = process.communicate()
    if process.returncode:
        raise SystemExit(out + err)
    found: dict[str, Any] = json.loads(out)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    found["peak_mb"] = used.ru_maxrss // 1024
    seconds = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    found["work"] = seconds / found["rows"] * 1e6
    return found


def import_people(kept: Path, folder: Path, events: Path) -> None:
    """A profile for each user of the events, then an anonymous id for each seventh."""
    names = pl.read_parquet(events, columns=["distinct_id"])["distinct_id"].unique().sort()
    place = pl.int_range(len(names), eager=True)
    cities = pl.Series(CITIES).gather(place % len(CITIES))
    people = pl.DataFrame({"id": names, "level": place % 5, "city": cities, "age": 18 + place % 50})
    people.write_csv(kept / "people.csv")
    pairs = pl.DataFrame({"id": names, "device": "d" + names}).gather_every(7)
    pairs.write_parquet(kept / "pairs.parquet")
    for name, options in (
        ("people.csv", ("--profile",)),
        ("pairs.parquet", ("--identities", "--anonymous", "device")),
    ):
        done = import_file(kept / name, folder / "people", "--user", "id", *options)
        show(f"import, {name}", done["rows_per_second"], 0, done["work"])


def show(name: str, rate: float, whole: float, work: float, more: str = "") -> None:
    share = f"{rate / whole:>6.1%}" if whole else ""
    cost = f"{work:.1f} µs of processor a row"
    print(f"{name:<34} {rate:>11,.0f} rows/s  {share:>6}  {cost}  {more}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=2_000_000)
    options.add_argument("--folder", type=Path, help="keep the files here")
    options.add_argument("--only", default="raw,parquet,csv,people")
    chosen = options.parse_args()
    only = chosen.only.split(",")
    with tempfile.TemporaryDirectory(prefix="userops-bench-") as name:
        folder = Path(name)
        kept = chosen.folder or folder
        kept.mkdir(exist_ok=True)
        paths = kept / "events.parquet", kept / "events.csv"
        if not paths[0].exists():
            paths = write(kept, chosen.rows)
        whole = 0.0
        if "raw" in only:
            whole, work = raw(folder, paths[0])
            show("raw insert, blocks of 500,000", whole, whole, work)
            small, work = raw(folder, paths[0], 500, 100_000)
            show("raw insert, blocks of 500", small, whole, work)
        for path in paths:
            if path.suffix[1:] in only:
                done = import_file(path, folder / path.suffix[1:], *COLUMNS)
                assert done["stored"] == done["rows"], done["report"]["reasons"]
                rate = done["rows_per_second"]
                more = f"peak {done['peak_mb']} MB"
                show(f"import, {path.suffix[1:]}", rate, whole, done["work"], more)
        if "people" in only:
            import_people(kept, folder, paths[0])


if __name__ == "__main__":
    main()
