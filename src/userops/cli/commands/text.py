"""`userops text`: what texts say, offline: measured on labelled texts, read one by one, grouped into topics."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from userops.cli.options import json_option
from userops.errors import Refused
from userops.words import Words

if TYPE_CHECKING:
    from userops.text.topics import Topics


@click.group()
def command() -> None:
    """Language, sentiment, categories, topics of texts in a file, without a network."""


_file = click.argument("file", type=click.Path(path_type=Path))
_text = click.option("--text", "column", required=True, help="Column of the text.")


@command.command()
@_file
@_text
@click.option("--label", required=True, help="Column of the label: a sentiment, a category.")
@click.option("--seed", type=int, default=42, help="Of the five folds (default: 42).")
@json_option
def evaluate(file: Path, column: str, label: str, seed: int, as_json: bool) -> None:
    """Measure how well a label is learned: duplicates out, five folds, calibration, the share that may be
    applied by itself; for sentiment also the word lists that need no label.

    FILE is CSV, Excel, JSONL or Parquet, plain or compressed.
    """
    from userops.text.evaluating import evaluate as measure

    found = _columns(file, column, label)
    with _Bar(as_json) as told:
        measured = measure(found[column], found[label], seed=seed, progress=told).as_dict()
    click.echo(json.dumps(measured, ensure_ascii=False) if as_json else _in_words(measured))


@command.command()
@_file
@_text
@click.option(
    "--topics", "count", type=click.IntRange(2, 100), help="How many. Default: found out."
)
@click.option("--truth", default="", help="Column of known groups to compare with (NMI, ARI).")
@click.option(
    "--each", type=click.IntRange(min=1), help="With --truth: at most so many texts of each."
)
@click.option("--seed", type=int, default=42, help="Of the starts and the draw (default: 42).")
@json_option
def topics(
    file: Path,
    column: str,
    count: int | None,
    truth: str,
    each: int | None,
    seed: int,
    as_json: bool,
) -> None:
    """Find topics, with their names, sizes, stability and coherence."""
    from userops.text.comparing import balanced, compared
    from userops.text.topics import find_topics

    found = _columns(file, column, *([truth] if truth else []))
    texts, labels = balanced(found[column], found.get(truth), each, seed)
    with _Bar(as_json) as told:
        grown = find_topics(texts, count=count, seed=seed, progress=told)
    answer = _topics(grown, texts)
    if labels is not None:
        answer |= compared(labels, grown.group)
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else _topic_lines(answer))


@command.command()
@_file
@_text
@click.option("--keep", default="", help="Columns that are kept beside: a,b,c.")
def read(file: Path, column: str, keep: str) -> None:
    """Read every text and print one line of JSON for each: language, sentiment, severity, what the writer
    wants, keywords, the text with personal data masked, and the first text that it nearly repeats."""
    from userops.text.duplicates import groups
    from userops.text.reading import read as read_one

    beside = [name.strip() for name in keep.split(",") if name.strip()]
    found = _columns(file, column, *beside)
    first = groups(found[column])
    for at, text in enumerate(found[column]):
        line = {name: found[name][at] for name in beside} | read_one(text).as_dict()
        line["repeats"] = int(first[at]) + 1 if first[at] != at else None
        click.echo(json.dumps(line, ensure_ascii=False))


def _columns(file: Path, *names: str) -> dict[str, list[str]]:
    from userops.events.importers.reading import detect_format, open_rows, read_chunks

    file_format = detect_format(file)
    found: dict[str, list[str]] = {name: [] for name in names}
    for chunk in read_chunks(open_rows(file, file_format), file):
        _has(chunk.table.column_names, names)
        for name in names:
            found[name] += [each or "" for each in chunk.table.column(name).to_pylist()]
    return found


def _has(columns: list[str], names: tuple[str, ...]) -> None:
    for name in names:
        if name not in columns:
            listed = "、".join(columns), ", ".join(columns)
            raise Refused(
                Words(
                    f"文件没有“{name}”列；现有：{listed[0]}。",
                    f"The file has no column “{name}”; there are: {listed[1]}.",
                ),
                code="column_missing",
            )


class _Bar:
    """Progress on standard error, unless a program reads the answer."""

    def __init__(self, quiet: bool) -> None:
        self._bar: Any = None if quiet else click.progressbar(length=100, file=_stderr())
        self._shown = 0

    def __enter__(self) -> Callable[[float], None]:
        return self._show

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.render_finish()

    def _show(self, share: float) -> None:
        if self._bar is not None:
            self._bar.update(int(share * 100) - self._shown)
            self._shown = int(share * 100)


def _stderr() -> Any:
    import sys

    return sys.stderr


def _in_words(found: dict[str, Any]) -> str:
    auto, cold = found["auto"], found["cold_start"]
    left_out = f"{found['empty']:,} empty, {found['duplicates']:,} repeated"
    interval = f"95% {found['low']:.3f}-{found['high']:.3f}, over folds ±{found['spread']:.3f}"
    speed = f"{found['texts_per_second']:,.0f} texts/s to apply"
    lines = [
        f"{found['rows']:,} rows; left out: {left_out}, {found['disputed']:,} with two labels",
        f"accuracy {found['accuracy']:.3f} ({found['right']:,}/{found['texts']:,}, {interval})",
        f"commonest label alone {found['majority']:.3f}   macro F1 {found['macro_f1']:.3f}",
        f"calibration error {found['ece']:.3f}",
        f"{found['seconds']:.0f} s to learn and measure, {speed}",
    ]
    lines += [
        f"  surest {each['share']:.0%} (from {each['threshold']:.2f}): {each['accuracy']:.3f}"
        for each in found["surest"]
    ]
    if auto:
        lines.append(
            f"may apply by itself from {auto['threshold']:.2f}: {auto['share']:.1%} of the texts"
        )
    if cold and cold["accuracy"] is not None:
        lines.append(
            f"word lists without labels: {cold['accuracy']:.3f} on the {cold['known']:,} texts they know"
        )
    return "\n".join(lines)


def _topics(grown: Topics, texts: list[str]) -> dict[str, Any]:
    listed = [
        {
            "name": each.name,
            "terms": each.terms,
            "texts": each.texts,
            "stability": each.stability,
            "coherence": each.coherence,
            "quotes": [texts[at] for at in each.quotes[:3]],
        }
        for each in sorted(grown.topics, key=lambda each: -each.texts)
    ]
    unclear = int((grown.group < 0).sum())
    return {"texts": len(texts), "unclear": unclear, "stability": grown.stability, "topics": listed}


def _topic_lines(found: dict[str, Any]) -> str:
    unclear = f"{found['unclear']:,} of them without a known word"
    lines = [f"{found['texts']:,} texts, {unclear}; stability {found['stability']:.2f}"]
    if "nmi" in found:
        lines.append(f"against the known groups: NMI {found['nmi']:.3f}, ARI {found['ari']:.3f}")
    lines += [
        f"{each['texts']:>8,}  {each['stability']:.2f}  {each['name']}" for each in found["topics"]
    ]
    return "\n".join(lines)
