"""A mail as it came over the wire, as plain words: whoever wrote the program that made it.

Charsets that are wrong or unknown, parts that are broken, headers that are none: something readable comes out.
"""

from __future__ import annotations

import email.policy
import hashlib
import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from typing import NamedTuple

import nh3
from charset_normalizer import from_bytes

MOST_PARTS = 200
LONGEST = 100_000
_TAGS = {
    "a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "hr", "i", "img", "li", "ol", "p",
    "pre", "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_BREAKS = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li|/h\d|/blockquote)\b[^>]*>")
_CELLS = re.compile(r"(?i)</t[dh]\s*>")
_WIDE = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "ks_c_5601-1987": "cp949"}
_QUOTED = re.compile(
    r"(?im)^[ \t>]*(?:-{2,}\s*(?:original message|原始邮件|原始郵件|forwarded message|转发的邮件|邮件原件)\s*-{0,}.*"
    r"|on .{5,200} wrote:\s*|在?\s*.{5,120}(?:写道|寫道)\s*[:：]\s*|(?:发件人|寄件者|from)\s*[:：].{3,200})$"
)
_ID = re.compile(r"<[^<>\s]{1,290}>")


class MailFile(NamedTuple):
    """`content_id`: by which the formatted text shows it; empty where it has none."""

    name: str
    data: bytes
    content_id: str


@dataclass(frozen=True, slots=True)
class Mail:
    """`ids`: the mails that it answers, newest first; `html` is safe; `said`: the text without what it quotes."""

    id: str
    ids: tuple[str, ...]
    subject: str
    name: str
    address: str
    text: str
    said: str
    html: str
    at: datetime | None
    files: tuple[MailFile, ...]
    headers: dict[str, str]


def parsed(raw: bytes) -> Mail:
    """Never fails: of a mail that is broken it says what can be read."""
    message = message_from_bytes(raw, policy=_POLICY)
    headers = {name.lower(): _plain(value) for name, value in reversed(_items(message))}
    text, markup, files = _contents(message)
    text = (text or _as_text(markup)).replace("\r\n", "\n").replace("\x00", "").strip()[:LONGEST]
    name, address = _sender(headers)
    found = _ID.search(headers.get("message-id", ""))
    return Mail(
        id=found[0] if found else f"<{hashlib.sha256(raw).hexdigest()[:40]}@no-id>",
        ids=tuple(dict.fromkeys([
            *_ID.findall(headers.get("in-reply-to", "")),
            *reversed(_ID.findall(headers.get("references", ""))),
        ])),
        subject=headers.get("subject", "")[:500],
        name=name,
        address=address,
        text=text,
        said=unquoted(text),
        html=safe_html(markup),
        at=_moment(headers.get("date", "")),
        files=tuple(files),
        headers=headers,
    )  # fmt: skip


_POLICY = email.policy.default.clone(raise_on_defect=False, max_line_length=None)


def _items(message: EmailMessage) -> list[tuple[str, str]]:
    return [(name, _value(name, raw)) for name, raw in message.raw_items()]


def _value(name: str, raw: str) -> str:
    try:
        return str(_POLICY.header_fetch_parse(name, raw))
    except Exception:  # noqa: BLE001 - the library's header parser trips over some
        return str(raw)


def _plain(value: str) -> str:
    return " ".join(value.replace("\x00", "").encode("utf-8", "replace").decode().split())


def _sender(headers: dict[str, str]) -> tuple[str, str]:
    for header in ("reply-to", "from"):
        for name, address in getaddresses([headers.get(header, "")]):
            if re.fullmatch(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,180}", address):
                shown = name or next((n for n, _a in getaddresses([headers.get("from", "")])), "")
                return shown[:200], address
    return "", ""


def _moment(said: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(said)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The leaves, at most so many; mails within the mail are leaves too."""
    waiting, count = [message], 0
    while waiting and count < MOST_PARTS:
        part = waiting.pop(0)
        count += 1
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting[:0] = [each for each in inner if isinstance(each, EmailMessage)]
        else:
            yield part


def _contents(message: EmailMessage) -> tuple[str, str, list[MailFile]]:
    text, markup = "", ""
    files: list[MailFile] = []
    for part in parts(message):
        kind, name = part.get_content_type(), _file_name(part)
        attached = bool(name) or "attachment" in _header(part, "content-disposition").lower()
        if kind == "text/plain" and not attached:
            text = f"{text}\n\n{decoded(part)}".strip() if text else decoded(part)
        elif kind == "text/html" and not attached:
            markup = markup or decoded(part)[: 10 * LONGEST]
        elif attached or part.get_content_maintype() == "image":
            data = part.get_payload(decode=True)
            if isinstance(data, bytes) and data:
                shown = _plain(_header(part, "content-id")).strip("<> ")[:250]
                files.append(MailFile(name or kind.replace("/", "."), data, shown))
    return text, markup, files


def _header(part: EmailMessage, name: str) -> str:
    try:
        return str(part.get(name, ""))
    except Exception:  # noqa: BLE001 - the library's header parser trips over some
        return ""


def _file_name(part: EmailMessage) -> str:
    try:
        return _plain(part.get_filename() or "")
    except Exception:  # noqa: BLE001 - the library's header parser trips over some
        return "file"


def decoded(part: EmailMessage) -> str:
    """A part's text: by its charset, else by what it looks like."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return str(part.get_payload() or "")
    try:
        charset = str(part.get_content_charset("") or "").lower()
    except Exception:  # noqa: BLE001 - the library's header parser trips over some
        charset = ""
    for each in (_WIDE.get(charset, charset) or "utf-8", "utf-8"):
        try:
            return data.decode(each)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    best = from_bytes(data).best()
    return str(best) if best else data.decode("gb18030", "replace")


def safe_html(markup: str) -> str:
    """Only looks: no scripts, styles, forms, frames. Pictures keep their address; the page that shows them loads
    by itself those alone that came with the mail."""
    if not markup.strip():
        return ""
    found: str = nh3.clean(
        markup.replace("\x00", ""),
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "head"},
        attributes={
            "a": {"href"},
            "img": {"src", "alt", "width", "height"},
            "td": {"colspan", "rowspan"},
            "th": {"colspan", "rowspan"},
        },
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
    )
    return found.strip()


def _as_text(markup: str) -> str:
    broken = _BREAKS.sub("\n", _CELLS.sub(" ", re.sub(r"\s+", " ", markup)))
    bare = nh3.clean(broken, tags=set(), clean_content_tags={"script", "style", "title", "head"})
    lines = (line.strip() for line in entities.unescape(bare).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def unquoted(text: str) -> str:
    """What was newly written: without the mail that is quoted below it. All of it when nothing is left."""
    found = _QUOTED.search(text)
    head = text[: found.start()] if found else text
    lines = head.rstrip().split("\n")
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith(">")):
        lines.pop()
    return "\n".join(lines).strip() or text
