"""The fixed texts of documents, and what is done to every text before it is laid out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from userops.publishing.content import Publication
from userops.words import Words

WORDS: Mapping[str, Words] = {
    "contents": Words("目录", "Contents"),
    "definition": Words("口径", "Definition"),
    "source": Words("来源", "Source"),
    "definitions": Words("附录：指标口径", "Appendix: definitions"),
    "snapshot": Words("快照", "Snapshot"),
    "snapshot_sheet": Words("快照信息", "Snapshot"),
    "definitions_sheet": Words("口径", "Definitions"),
    "correction": Words("更正", "Correction"),
    "evidence": Words("依据", "Evidence"),
    "status": Words("状态", "Status"),
    "appendix": Words("全部口径见附录。", "The whole definition stands in the appendix."),
    "link": Words("在线版本", "Online"),
    "nothing": Words("本期没有数据。", "No data in this period."),
    "table": Words("数据表", "Data table"),
    "chart": Words("图", "Chart"),
    "chart_data": Words("图表数据", "Chart data"),
    "no_picture": Words(
        "此图未能绘制，数据见下表。", "The chart could not be drawn; the table has its data."
    ),
    "good": Words("向好", "good"),
    "bad": Words("需关注", "attention"),
    "weak": Words("证据不足", "weak evidence"),
    "figure": Words("图表", "Figure"),
    "title": Words("标题", "Title"),
    "message": Words("结论", "Message"),
    "rows": Words("行数", "Rows"),
    "query": Words("查询文档", "Query document"),
    "item": Words("项目", "Item"),
    "value": Words("内容", "Value"),
    "back": Words("← 目录", "← Contents"),
    "conclusion": Words("结论", "Conclusion"),
    "company": Words("公司", "Company"),
    "text": Words("正文", "Text"),
    "report": Words("报告", "Report"),
}
_MORE = Words(
    "共 {all} 行，此处列出前 {shown} 行；全部数据见 Excel 文件。",
    "The first {shown} of {all} rows; the Excel file has all.",
)
_COLUMN = Words("另有 1 列，见 Excel 文件。", "One more column stands in the Excel file.")
_COLUMNS = Words("另有 {n} 列，见 Excel 文件。", "{n} more columns stand in the Excel file.")
_SENTENCE = re.compile(r"[。；]|[.;] ")
_DATES = re.compile(r"\d{4}-\d{2}-\d{2}[^。；.;]*[。；;] ?")
_PART = Words("第 {part} / {parts} 部分", "Part {part} of {parts}")
_PAGE = Words("第 {page} 页，共 {pages} 页", "Page {page} of {pages}")
# what XML refuses, and what turns the direction of the text around it
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)


def word(key: str, language: str) -> str:
    return WORDS[key].text(language)


def more(shown: int, all_: int, language: str) -> str:
    """That a table goes on; empty when it does not."""
    return _MORE.text(language).format(shown=shown, all=f"{all_:,}") if all_ > shown else ""


def more_columns(left_out: int, language: str) -> str:
    """That a table has more columns than are printed; empty when it has not."""
    words = _COLUMN if left_out == 1 else _COLUMNS
    return words.text(language).format(n=left_out) if left_out else ""


def definition(publication: Publication, text: str) -> str:
    """A figure's definition below it: its first sentence where the appendix has the whole of it."""
    language = publication.language
    dates = _DATES.match(text)  # these alone define nothing
    first = _SENTENCE.search(text, dates.end() if dates else 0)
    if (
        not text
        or first is None
        or first.end() >= len(text.rstrip()) - 1
        or all(text != each for _name, each in publication.definitions)
    ):
        return labelled("definition", text, language) if text else ""
    gap = "" if language.startswith("zh") else " "
    begun = text[: first.start()] + ("。" if language.startswith("zh") else ".")
    return labelled("definition", f"{begun}{gap}{word('appendix', language)}", language)


def cover(publication: Publication) -> list[tuple[str, str]]:
    """The lines of a cover: the facts, and what they do not tell."""
    language = publication.language
    own = (
        (word("status", language), publication.status),
        (word("snapshot", language), publication.snapshot),
        (word("link", language), publication.link),
    )
    told = {value for _name, value in publication.facts}
    names = {name for name, _value in publication.facts}
    more_ = [(n, v) for n, v in own if v and v not in told and n not in names]
    return [(name, value) for name, value in publication.facts if value] + more_


def part(at: int, of: int, language: str) -> str:
    return _PART.text(language).format(part=at, parts=of)


def pages(language: str) -> tuple[str, str, str]:
    """What stands before, between and after the two numbers of a page."""
    before, rest = _PAGE.text(language).split("{page}")
    between, after = rest.split("{pages}")
    return before, between, after


def evidence(publication: Publication, keys: tuple[str, ...]) -> str:
    """`依据：图 1、表 2`; empty without."""
    numbers = {each.key: each.number for each in publication.figures}
    # the number stays beside its word
    known = [numbers[key].replace(" ", "\u00a0") for key in keys if key in numbers]
    if not known:
        return ""
    chinese = publication.language.startswith("zh")
    return f"{word('evidence', publication.language)}{'：' if chinese else ': '}" + (
        "、" if chinese else ", "
    ).join(known)


def labelled(key: str, text: str, language: str) -> str:
    """`口径：…`."""
    return f"{word(key, language)}{'：' if language.startswith('zh') else ': '}{text}"


def clean(text: str) -> str:
    """A text without characters that break a file or turn the text around them."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clipped(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def cleaned(value: Any) -> Any:
    """A publication, or a part of it, with every text in it `clean`; numbers stay what they are."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple | list):
        return type(value)(cleaned(each) for each in value)
    if isinstance(value, Mapping):
        return {cleaned(key): cleaned(each) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{each.name: cleaned(getattr(value, each.name)) for each in fields(value)}
        )
    return value
