"""`userops bench`: the benchmark of the checkout."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from userops.errors import NotFound
from userops.words import Words

CHECKOUT = Path(__file__).resolve().parents[4]


def _numbers(_ctx: click.Context, _param: click.Parameter, text: str) -> tuple[int, ...]:
    try:
        found = tuple(int(float(part)) for part in text.split(","))
    except (ValueError, OverflowError):
        found = ()
    if not found or min(found) < 1_000:
        raise click.BadParameter(f"expected sizes of at least 1e3 such as 1e6,1e7, got {text!r}")
    return found


def _names(_ctx: click.Context, _param: click.Parameter, text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


@click.command()
@click.option("--events", default="1e6", callback=_numbers, help="Sizes, such as 1e6,1e7,1e8.")
@click.option("--questions", is_flag=True, help="List the questions and stop.")
@click.option("--only", default="", callback=_names, help="Only these questions: a,b.")
@click.option("--sides", default="", callback=_names, help="Only these: userops,duckdb.")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep histories and loaded folders here, and use those that are there.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="For the results.")
@click.option("--no-ingest", is_flag=True, help="Leave out how fast events come in.")
@click.option(
    "--cold",
    type=click.Choice(["none", "userops", "all"]),
    default="userops",
    show_default=True,
    help="Who is also asked in fresh processes, with files that no cache holds.",
)
@click.option("--memory-mb", default=4096, show_default=True, help="Limit of each question.")
def command(
    events: tuple[int, ...],
    questions: bool,
    only: tuple[str, ...],
    sides: tuple[str, ...],
    keep: Path | None,
    out: Path | None,
    no_ingest: bool,
    cold: str,
    memory_mb: int,
) -> None:
    """Compare UserOps with what people use today, on this machine.

    Needs a checkout of the source with its development packages. Writes bench/results/latest.md,
    .json and .svg.
    """
    main = _benchmark()
    if questions:
        click.echo("\n".join(main.question_names()))
        return
    _known(only, main.question_names(), "--only")
    _known(sides, main.SIDES, "--sides")
    options = main.Options(
        events=events,
        only=only,
        sides=sides or main.SIDES,
        keep=keep,
        out=out or main.RESULTS,
        with_ingest=not no_ingest,
        cold={"none": (), "userops": ("userops",), "all": main.SIDES}[cold],
        memory_mb=memory_mb,
    )
    found = main.run(options)
    click.echo((options.out / "latest.md").read_text(encoding="utf-8"))
    click.echo(f"{found['events']:,} events: {found['geomean']}", err=True)


def _benchmark() -> Any:
    """The benchmark's module. Raises `NotFound` outside a checkout."""
    if not (CHECKOUT / "bench" / "main.py").exists():
        raise NotFound(
            Words(
                "评测程序只在源码目录中提供。",
                "The benchmark comes with a checkout of the source only.",
            ),
            code="bench_not_here",
            hint=Words(
                "克隆源码仓库，在其中运行 uv run userops bench。",
                "Clone the source and run uv run userops bench in it.",
            ),
        )
    sys.path.insert(0, str(CHECKOUT))
    from importlib import import_module

    return import_module("bench.main")


def _known(names: tuple[str, ...], known: list[str] | tuple[str, ...], option: str) -> None:
    for name in names:
        if name not in known:
            raise click.BadParameter(f"{name!r} is none of {', '.join(known)}", param_hint=option)
