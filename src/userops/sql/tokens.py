"""SQL text as the engine's lexer would cut it: enough to find parameters and names, never to judge a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["comment", "text", "quoted", "parameter", "name", "space", "other"]

_TOKEN = re.compile(
    r"""
      (?P<comment> --[^\n]* | \#[!\s][^\n]* | /\*.*?(?:\*/|$) )
    | (?P<text>    '(?:[^'\\]|\\.|'')*(?:'|$) | \$(?P<tag>\w*)\$.*?(?:\$(?P=tag)\$|$) )
    | (?P<quoted>  `(?:[^`\\]|\\.|``)*(?:`|$) | "(?:[^"\\]|\\.|"")*(?:"|$) )
    | (?P<parameter> \{\s*[A-Za-z_]\w*\s*:[^{}]*\} )
    | (?P<name>    [^\W\d]\w* )
    | (?P<space>   \s+ )
    | (?P<other>   \d[\w.]* | . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text; the pieces of a text joined are the text."""

    kind: Kind
    text: str

    @property
    def name(self) -> str | None:
        """The identifier that it writes, quoted or not."""
        if self.kind == "name":
            return self.text
        if self.kind != "quoted":
            return None
        return re.sub(r"\\(.)", r"\1", self.text[1:-1].replace(self.text[0] * 2, self.text[0]))


def tokens(text: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        # the tag of a heredoc is a group within a group
        yield Token("text" if kind == "tag" else kind, found[0])  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a text asks for: `{since:Date}`."""

    name: str
    type: str


def parameters(text: str) -> list[Parameter]:
    """The parameters of a text, each once, in its order."""
    found: dict[str, Parameter] = {}
    for token in tokens(text):
        if token.kind == "parameter":
            name, _colon, type_ = token.text[1:-1].partition(":")
            found.setdefault(name.strip(), Parameter(name.strip(), type_.strip()))
    return list(found.values())


def renamed(text: str, new: Callable[[str, str], str | None]) -> str:
    """The text with `first.second` replaced by `new(first, second)`, where that is not None.

    Only where `first` is not itself the end of a longer name.
    """
    pieces = list(tokens(text))
    done: list[str] = []
    at = 0
    while at < len(pieces):
        first, dot, second = (*pieces[at : at + 3], None, None)[:3]
        assert first is not None
        names = first.name, second.name if second else None
        whole = dot is not None and dot.text == "." and not (done and done[-1].endswith("."))
        wanted = new(names[0], names[1]) if whole and names[0] and names[1] else None
        done.append(first.text if wanted is None else wanted)
        at += 1 if wanted is None else 3
    return "".join(done)
