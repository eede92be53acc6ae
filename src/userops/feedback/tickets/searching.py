"""Full-text search in Chinese and English, the same on SQLite and PostgreSQL.

A run of Chinese (or Japanese, Korean) characters becomes its pairs and its last character: 退款失败 → 退款 款失
失败 败. A word of letters or digits is itself, in lower case. Of a query, a run is looked for as a phrase of its
pairs, and a word as the beginning of a word. The database indexes the tokens (`migrations/0002_search.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from userops.feedback.tickets.models import Message, Ticket, TicketEvent, TicketText

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RUN = re.compile(f"[{_CJK}]")
_PART = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
LONGEST = 50_000
"""Tokens that are kept of one ticket."""
MOST_WORDS = 12
_WRITTEN = ("subject", "root_cause", "solution", "prevention")
_SPEAKING = (TicketEvent.Kind.OPENED, TicketEvent.Kind.SPLIT)


def parts(text: str) -> list[str]:
    """Runs of Chinese characters, and words, as they stand in the text."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return _PART.findall(plain)


def _is_run(part: str) -> bool:
    return _RUN.match(part) is not None


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def tokens(text: str) -> list[str]:
    """What is indexed."""
    found: list[str] = []
    for part in parts(text):
        found += [*_pairs(part), part[-1]] if _is_run(part) else [part[:64]]
    return found[:LONGEST]


def matching(tickets: QuerySet[Ticket], text: str, also: Sequence[int] = ()) -> QuerySet[Ticket]:
    """Those of the tickets in whose words all of the query stands, and those of them whose keys are given beside;
    nothing for a query without words."""
    asked = parts(text)[:MOST_WORDS]
    if not asked:
        return tickets.none()
    lite = connection.vendor == "sqlite"
    write = _fts5 if lite else _tsquery
    return tickets.filter(
        _said((" AND " if lite else " & ").join(map(write, asked))) | Q(pk__in=also)
    )


def newest_with_any(asked: Iterable[str], limit: int) -> list[int]:
    """Keys of the newest tickets, of all products, in which one of these tokens stands."""
    lite = connection.vendor == "sqlite"
    query = (" OR " if lite else " | ").join(f'"{each}"' if lite else each for each in asked)
    with connection.cursor() as cursor:
        cursor.execute(_statement("newest"), [query, limit])
        return [row[0] for row in cursor.fetchall()]


def _said(query: str) -> Q:
    sql = _statement("search")
    return Q(pk__in=RawSQL(sql, [query]))  # noqa: S611 - text of a file, value beside it


@cache
def _statement(name: str) -> str:
    file = f"{name}_{connection.vendor}.sql"
    return (Path(__file__).parent / "sql" / file).read_text(encoding="utf-8")


def _fts5(part: str) -> str:
    # parts hold letters and digits only, so nothing in them is syntax
    if _is_run(part) and len(part) > 1:
        return f'"{" ".join(_pairs(part))}"'
    return f'"{part}"*'


def _tsquery(part: str) -> str:
    if _is_run(part) and len(part) > 1:
        return f"({' <-> '.join(_pairs(part))})"
    return f"{part}:*"


def follow(event: TicketEvent) -> None:
    """Keep the words of a ticket in step with what is said in it."""
    message = event.message
    if event.kind in _SPEAKING or event.data.get("field") in _WRITTEN:
        index(event.ticket)
    elif message is not None:
        row = TicketText.objects.filter(ticket=event.ticket_id)
        kept = row.values_list("tokens", flat=True).first()
        if kept is not None and len(kept) < LONGEST:
            row.update(tokens=f"{kept} {' '.join(tokens(message.text))}")


def index(ticket: Ticket) -> None:
    """The words of a ticket anew: number, what members wrote of it, and everything said in it."""
    said = Message.objects.filter(ticket=ticket).values_list("text", flat=True)
    written = [getattr(ticket, name) for name in _WRITTEN]
    words = "\n".join([str(ticket.number), *written, *said])
    TicketText.objects.update_or_create(ticket=ticket, defaults={"tokens": " ".join(tokens(words))})
