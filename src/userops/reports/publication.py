"""An issue in one language, ready to be laid out: what every exporter and the reading page are given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation

from userops.publishing.charts.options import incomplete
from userops.publishing.content import (
    Block,
    Card,
    Cards,
    Column,
    Fact,
    Facts,
    Figure,
    Grid,
    Paragraph,
    Publication,
    Section,
)
from userops.publishing.tables import MARK
from userops.reports import hands
from userops.reports.comparing import correction_words
from userops.reports.kinds import kind_of
from userops.reports.models import FigureSnapshot, Issue, Sentence, Style
from userops.reports.outline import ReportKind
from userops.reports.periods import between
from userops.reports.quoting import Values, filled
from userops.words import Words

FINDINGS_IN_FRONT = 3
STATUS_WORDS = {
    "building": Words("取数中", "being computed"),
    "stopped": Words("已停止", "stopped"),
    "draft": Words("草稿", "draft"),
    "review": Words("审核中", "in review"),
    "issued": Words("已签发", "issued"),
    "superseded": Words("已被更正版取代", "superseded"),
}
NOT_YET = Words("待定", "to be named")


def short(language: str) -> str:
    return "zh" if language.startswith("zh") else "en"


@dataclass(frozen=True)
class _Reader:
    """One issue in one language."""

    issue: Issue
    kind: ReportKind
    language: str
    figures: tuple[FigureSnapshot, ...]
    sentences: tuple[Sentence, ...]
    values: Values
    numbers: dict[str, str]
    snapshot: str

    def text(self, words: Words) -> str:
        return words.text(self.language)

    def sentence(self, row: Sentence) -> str:
        return filled(row.words.text(self.language), self.values, self.language)


def reader_of(issue: Issue, language: str) -> _Reader:
    # what was answered is as large as all that is shown of it, and is not shown
    figures = tuple(issue.figures.defer("result").order_by("position"))
    drawn = [row for row in figures if row.shown != "evidence" and row.problem is None]
    return _Reader(
        issue=issue,
        kind=kind_of(issue.report.kind),
        language=language,
        figures=figures,
        sentences=tuple(issue.sentences.order_by("position", "pk")),
        values={row.key: row.values for row in figures},
        numbers=_numbers(drawn, language),
        snapshot=issue.snapshot,
    )


def _numbers(drawn: list[FigureSnapshot], language: str) -> dict[str, str]:
    """`图 3`, `表 1`: counted apart, in the order of the report."""
    counts, found = {"figure": 0, "table": 0}, {}
    names = {"figure": Words("图", "Figure"), "table": Words("表", "Table")}
    for row in drawn:
        counts[row.shown] += 1
        found[row.key] = f"{names[row.shown].text(language)} {counts[row.shown]}"
    return found


def publication_of(issue: Issue, language: str, *, link: str = "") -> Publication:
    """`language`: `zh-hans` or `en`. `link`: the address of the report, for the way back."""
    language = "zh-hans" if language.startswith("zh") else "en"
    reader = reader_of(issue, language)
    report = issue.report
    with translation.override(language):
        return Publication(
            language=language,
            title=reader.text(reader.kind.words),
            subtitle=f"{report.product.name} · {reader.text(between(report.first, report.last).words)}",
            company=report.product.name,
            facts=tuple(_facts(reader)),
            snapshot=reader.snapshot,
            status=reader.text(STATUS_WORDS[issue.status]),
            sections=tuple(_sections(reader)),
            definitions=tuple(_definitions(reader)),
            correction=reader.text(correction_words(issue)) if issue.corrects else "",
            link=link,
        )


def _facts(reader: _Reader) -> Iterator[tuple[str, str]]:
    issue, report = reader.issue, reader.issue.report
    yield reader.text(Words("周期", "Period")), f"{report.first} – {report.last}"
    yield reader.text(Words("版本", "Version")), str(issue.number)
    yield reader.text(Words("取数时间", "Data as of")), moment(issue.data_time, issue.timezone)
    signed = issue.signatures or {
        "written": str(issue.written_by or ""),
        "reviewed": str(issue.reviewed_by or ""),
        "approved": str(issue.issued_by or ""),
    }
    for name, words in hands.ROLES.items():
        yield reader.text(words), signed[name] or "–"
    if (note := hands.note_on(issue.signatures)) is not None:
        yield reader.text(hands.LABEL), reader.text(note)
    if issue.issued:
        yield reader.text(Words("签发时间", "Issued")), moment(issue.issued, issue.timezone)


def moment(at: datetime | None, timezone: str) -> str:
    return f"{at.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M} ({timezone})" if at else "–"


def _sections(reader: _Reader) -> Iterator[Section]:
    for chapter in reader.kind.chapters:
        blocks = (
            _first_page(reader) if chapter.key == "conclusion" else _chapter(reader, chapter.key)
        )
        found = tuple(blocks)
        if found:
            yield Section(chapter.key, reader.text(chapter.title), found)


def _first_page(reader: _Reader) -> Iterator[Block]:
    rows = reader.sentences
    facts = tuple(_fact(reader, row) for row in rows if row.style == Style.FACT)[:6]
    for row in rows:
        if row.style == Style.LEAD:
            yield _paragraph(reader, row)
    if facts:
        yield Facts(facts)
    findings = sorted((r for r in rows if r.style == Style.FINDING), key=lambda r: -r.weight)
    for row in findings[:FINDINGS_IN_FRONT]:
        yield _paragraph(reader, row)
    actions = _actions(reader)
    if actions:
        yield Paragraph(reader.text(Words("需要的决策：", "Decisions needed:")), "lead")
        for row in actions[:FINDINGS_IN_FRONT]:
            yield _paragraph(reader, row, "body")


def _actions(reader: _Reader) -> list[Sentence]:
    rows = [row for row in reader.sentences if row.style == Style.ACTION]
    return sorted(rows, key=lambda row: -row.weight)


def _fact(reader: _Reader, row: Sentence) -> Fact:
    name, _, value = reader.sentence(row).partition(
        "：" if short(reader.language) == "zh" else ": "
    )
    value, _, counts = value.partition("（" if short(reader.language) == "zh" else " (")
    # what follows the brackets, such as a status, stands with the counts
    plain = counts.replace("）", "").replace(")", "")
    return Fact(name, value, plain, row.tone or "", tuple(row.evidence))  # type: ignore[arg-type]


_STYLES = {"lead": "lead", "finding": "finding", "note": "note"}


def _paragraph(reader: _Reader, row: Sentence, style: str = "") -> Paragraph:
    return Paragraph(
        reader.sentence(row),
        style or _STYLES.get(row.style, "body"),  # type: ignore[arg-type]
        tuple(row.evidence),
        row.tone,  # type: ignore[arg-type]
    )


def _chapter(reader: _Reader, key: str) -> Iterator[Block]:
    rows = [row for row in reader.sentences if row.chapter == key]
    order = {"lead": 0, "finding": 1, "body": 2, "fact": 3, "note": 4}
    for row in sorted(rows, key=lambda each: (order.get(each.style, 5), each.position)):
        if row.style != Style.ACTION:
            yield _paragraph(reader, row)
    # before the figures: after them a page of a printed document would hold little else
    yield from _missing(reader, key)
    for figure in reader.figures:
        if figure.chapter == key and figure.shown != "evidence" and figure.problem is None:
            yield from _cards(reader, figure)
            yield _figure(reader, figure)
    if key == "advice" and _actions(reader):
        yield _action_table(reader)


def _cards(reader: _Reader, figure: FigureSnapshot) -> Iterator[Cards]:
    found = figure.view(reader.language).get("cards") or []
    if found:
        yield Cards(
            tuple(
                Card(
                    each["title"],
                    each["subtitle"],
                    tuple((name, text) for name, text in each["lines"]),
                    (figure.key,),
                )
                for each in found
            )
        )


def _missing(reader: _Reader, chapter: str) -> Iterator[Paragraph]:
    """What could not be computed, one line for each reason."""
    titles: dict[str, list[str]] = {}
    for figure in reader.figures:
        if figure.chapter == chapter and figure.problem is not None and figure.shown != "evidence":
            why = Words(**figure.problem).text(reader.language)
            titles.setdefault(why, []).append(figure.title_in(reader.language))
    for why, names in titles.items():
        zh, en = "、".join(names), ", ".join(names)
        yield Paragraph(Words(f"{zh}：{why}", f"{en}: {why}").text(reader.language), "note")


def _figure(reader: _Reader, row: FigureSnapshot) -> Figure:
    view, title = row.view(reader.language), row.title_in(reader.language)
    message = next(
        (
            reader.sentence(each)
            for each in sorted(reader.sentences, key=lambda s: -s.weight)
            if each.style in (Style.FINDING, Style.BODY) and each.evidence[:1] == [row.key]
        ),
        title,
    )
    grid = grid_of(view)
    chart = view.get("chart") if row.shown == "figure" else None
    plan = next((plan for _, plan in reader.kind.figures if plan.key == row.key), None)
    return Figure(
        key=row.key,
        number=reader.numbers.get(row.key, ""),
        title=title,
        message=message,
        grid=grid,
        definition=view.get("definition", ""),
        source=_source_of(reader, row),
        chart=chart,
        alt=_alt(title, grid, reader.language),
        shown_rows=plan.shown_rows if plan else 12,
        parts=plan.parts if plan else 2,
        on_slides=plan.on_slides if plan else (),
        query=row.question,
        note=reader.text(INCOMPLETE) if incomplete(chart) else "",
    )


INCOMPLETE = Words("虚线或浅色：周期不完整", "dashed or pale: incomplete period")


def grid_of(view: dict[str, Any]) -> Grid:
    """Without the column that marks incomplete periods, where all are whole."""
    rows, names = view["rows"], [each["name"] for each in view["columns"]]
    kept = [at for at, name in enumerate(names) if name != MARK or any(line[at] for line in rows)]
    columns = [view["columns"][at] for at in kept]
    return Grid(
        tuple(Column(each["name"], each["title"], each["type"]) for each in columns),
        tuple(tuple(line[at] for at in kept) for line in rows),
        view.get("whole", 0),
    )


def _source_of(reader: _Reader, row: FigureSnapshot) -> str:
    at, snapshot = moment(row.data_time or row.computed, reader.issue.timezone), reader.snapshot
    return reader.text(
        Words(
            f"取数 {at} · {row.row_count} 行 · 快照 {snapshot} · 指纹 {row.sha256[:12]}",
            f"Data as of {at} · {row.row_count} rows · snapshot {snapshot} · hash {row.sha256[:12]}",
        )
    )


def _alt(title: str, grid: Grid, language: str) -> str:
    columns = "、".join(each.title for each in grid.columns[:6])
    return Words(
        f"{title}：{len(grid.rows)} 行，列为{columns}；数据见同名表格。",
        f"{title}: {len(grid.rows)} rows with {columns}; the figures are in the table of the same name.",
    ).text(language)


def _action_table(reader: _Reader) -> Figure:
    title = reader.text(Words("行动项", "Actions"))
    columns = (
        Column("number", "#"),
        Column("action", reader.text(Words("行动", "Action")), "sentence"),
        Column("owner", reader.text(Words("负责人", "Owner"))),
        Column("due", reader.text(Words("截止", "Due")), "date"),
        Column("accepted", reader.text(Words("验收与任务", "Accepted when, task")), "sentence"),
    )
    undecided = reader.text(NOT_YET)
    rows = tuple(
        (
            str(number),
            reader.sentence(row),
            row.assignee or undecided,
            row.due.isoformat() if row.due else undecided,
            " · ".join(each for each in (row.accepted_when, row.task) if each) or None,
        )
        for number, row in enumerate(_actions(reader), start=1)
    )
    grid = Grid(columns, rows)
    return Figure(
        key="actions",
        number="",
        title=title,
        message=title,
        grid=grid,
        definition=reader.text(
            Words(
                "按重要程度排列；依据见各句引用的图表。",
                "By weight; each rests on the figures that it quotes.",
            )
        ),
        source=reader.snapshot,
        shown_rows=30,
    )


def _definitions(reader: _Reader) -> Iterator[tuple[str, str]]:
    for row in reader.figures:
        definition = row.view(reader.language).get("definition", "")
        if definition and row.problem is None:
            number = reader.numbers.get(row.key, "")
            title = row.title_in(reader.language)
            yield f"{number} {title}".strip(), definition
