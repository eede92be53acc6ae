"""`userops import`: a file of events or of user profiles."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from userops.cli.options import data_option, json_option, setup
from userops.client import running_server
from userops.errors import Refused, UserOpsError
from userops.words import Words

if TYPE_CHECKING:
    from userops.events.importers.mapping import Mapping
    from userops.events.importers.run import ImportOutcome, Progress


@click.command()
@data_option
@json_option
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--product", required=True, help="Short name of the product; made if new.")
@click.option("--user", required=True, help="Column of the user id.")
@click.option("--time", "time_column", default="", help="Column of the time.")
@click.option("--event", default="", help="Column of the event name.")
@click.option("--event-name", default="", help="One event name for all rows.")
@click.option("--event-map", default="", help="Values of the event column: 1=view,2=cart.")
@click.option(
    "--time-format",
    default="",
    help="iso, epoch_s, epoch_ms, epoch_us, epoch_ns, yyyymmdd, excel_serial, or a pattern such"
    " as %d/%m/%Y %H:%M. Default: found out.",
)
@click.option("--timezone", default="", help="Of times without offset. Default: the product's.")
@click.option("--props", default="", help="Columns kept as properties: a,b,c.")
@click.option("--all-props", is_flag=True, help="Keep every column without another role.")
@click.option("--field", "fields", multiple=True, help="COLUMN=STANDARD, such as 城市=city.")
@click.option("--uuid", default="", help="Column of a UUID that each row brings.")
@click.option("--profile", is_flag=True, help="Rows describe users; no time or event is needed.")
@click.option("--identities", is_flag=True, help="Rows say which anonymous id is which user's.")
@click.option("--anonymous", default="", help="Column of the anonymous id, with --identities.")
@click.option("--encoding", default="", help="Such as gbk or cp1252. Default: found out.")
@click.option("--delimiter", default="", help="Default: found out. ' ' means runs of spaces.")
@click.option("--header/--no-header", default=None, help="Default: found out.")
@click.option("--no-quotes", is_flag=True, help="Quotes are plain characters.")
@click.option("--sheet", default="", help="Excel: the sheet. Default: the first.")
@click.option("--dedupe", is_flag=True, help="Rows equal in every column count once.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, store nothing.")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Of the report.")
def command(
    data: Path,
    as_json: bool,
    file: Path,
    product: str,
    dry_run: bool,
    language: str | None,
    **options: Any,
) -> None:
    """Import FILE (CSV, Excel, JSON lines, Parquet; plain, .gz or .zst) into a product.

    Importing the same rows again stores nothing twice. Ctrl-C stops it and leaves nothing; the same
    command then goes on from there. Ends with a data-quality report.
    """
    try:
        outcome = _import(data, file, product, dry_run, options)
    except UserOpsError as wrong:
        if as_json:
            click.echo(json.dumps(wrong.body(), ensure_ascii=False))
        raise
    if as_json:
        click.echo(json.dumps(outcome, ensure_ascii=False, default=str))
    else:
        _print(outcome, language)


def _import(
    data: Path, file: Path, product: str, dry_run: bool, options: dict[str, Any]
) -> dict[str, Any]:
    """What `--json` prints. A folder that a server owns is reached through that server."""
    with _stopping() as stop:
        # a wrong file or mapping is told before anything is opened or made
        mapping = _mapping(file, options)
        server = running_server(data)
        if server is None:
            return _import_here(file, product, dry_run, mapping, stop.is_set).as_dict()
        from userops.cli.server_import import import_by_server

        return import_by_server(
            server,
            file.absolute(),
            product,
            mapping,
            dry_run=dry_run,
            progress=_ProgressLine().show,
            cancelled=stop.is_set,
        )


def _import_here(
    file: Path, product: str, dry_run: bool, mapping: Mapping, cancelled: Callable[[], bool]
) -> ImportOutcome:
    setup()
    from userops.events import store
    from userops.events.importers.run import check, run_import
    from userops.workspace.setup import ensure_product

    check(file, mapping)
    opened = store.current()
    try:
        chosen, _ = ensure_product(product, timezone=mapping.timezone or None)
        return run_import(
            opened,
            chosen,
            file.absolute(),
            mapping,
            dry_run=dry_run,
            progress=_ProgressLine(),
            cancelled=cancelled,
            started_by="cli",
        )
    finally:
        store.close_current()


def _mapping(file: Path, options: dict[str, Any]) -> Mapping:
    from userops.events.importers.encoding import is_known_encoding
    from userops.events.importers.formats import detect_format
    from userops.events.importers.mapping import Mapping, parse_event_map

    if options["encoding"] and not is_known_encoding(options["encoding"]):
        raise Refused(
            Words(
                f"未知编码 {options['encoding']}。请用 utf-8、gbk、big5、cp1252 这样的名称。",
                f"Unknown encoding {options['encoding']}. Use a name such as utf-8, gbk, big5 or "
                f"cp1252.",
            ),
            code="encoding_unknown",
        )
    found = detect_format(
        file,
        encoding=options["encoding"],
        delimiter=options["delimiter"].replace("\\t", "\t"),
        header=options["header"],
        quotes=not options["no_quotes"],
        sheet=options["sheet"],
    )
    props = _names(options["props"])
    return Mapping(
        file=found,
        user=options["user"],
        time=options["time_column"],
        event=options["event"],
        event_name=options["event_name"],
        event_map=parse_event_map(options["event_map"]),
        time_format=options["time_format"],
        timezone=options["timezone"],
        props=props,
        # a profile without properties says nothing
        all_props=options["all_props"] or (options["profile"] and not props),
        fields=dict(_field(text) for text in options["fields"]),
        uuid=options["uuid"],
        profile=options["profile"],
        identities=options["identities"],
        anonymous=options["anonymous"],
        dedupe=options["dedupe"],
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _field(text: str) -> tuple[str, str]:
    column, sign, standard = text.rpartition("=")
    if not sign or not column:
        raise click.BadParameter(f"expected COLUMN=STANDARD, got {text!r}", param_hint="--field")
    return column.strip(), standard.strip()


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """Set by the first Ctrl-C or TERM: the import stops at the next chunk."""
    stop = threading.Event()

    def ask(*_: object) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _ProgressLine:
    """Progress on standard error: one line rewritten on a terminal, one every 5 s elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._next = time.monotonic() + (0 if self._terminal else 5)

    def __call__(self, progress: Progress) -> None:
        self.show(progress.as_dict())

    def show(self, progress: dict[str, Any]) -> None:
        """`progress` as `Progress.as_dict` makes it."""
        now = time.monotonic()
        over = progress["stage"] == "done"
        if now < self._next and not (over and self._terminal):
            return
        self._next = now + (0.2 if self._terminal else 5)
        seconds = progress["seconds_left"]
        left = "" if seconds is None else f", {seconds:.0f} s left"
        line = (
            f"{progress['stage']} {progress['share']:4.0%}  {progress['rows']:,} rows, "
            f"{progress['rate']:,.0f} rows/s{left}"
        )
        if self._terminal:
            click.echo(f"\r\x1b[K{line}", err=True, nl=over)
        else:
            click.echo(line, err=True)


def _print(outcome: dict[str, Any], language: str | None) -> None:
    import msgspec

    from userops.config import current
    from userops.events.quality import QualityReport
    from userops.events.quality.printing import as_lines

    chosen = language or current().language
    # dates are text in what came from a server, and JSON makes them so here too
    report = QualityReport.from_json(msgspec.json.encode(outcome["report"]))
    for line in as_lines(report, chosen):
        click.echo(line)
    for note in outcome.get("notes", ()):
        click.echo(f"· {Words(note['zh'], note['en']).text(chosen)}")
    for words in _closing(outcome):
        click.echo(words.text(chosen))


def _closing(outcome: dict[str, Any]) -> Iterator[Words]:
    seconds, rate = outcome.get("seconds"), outcome.get("rows_per_second") or 0
    if seconds is not None:
        yield Words(
            f"用时 {seconds:.1f} 秒（每秒 {rate:,} 行）。",
            f"Took {seconds:.1f} s ({rate:,} rows/s).",
        )
    if outcome.get("quarantine"):
        place = outcome["quarantine"]
        yield Words(f"被拒收的行：{place}", f"Refused rows are in {place}")
    if outcome["run"] is None:
        yield Words("试运行：没有写入。", "Dry run: nothing was stored.")
