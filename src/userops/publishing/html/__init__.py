"""A report as one HTML file: no script, nothing fetched, light and dark, for reading and printing."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

from userops.publishing.charts import Picture
from userops.publishing.charts.colours import rgb, tokens
from userops.publishing.content import (
    Block,
    Card,
    Cards,
    Fact,
    Facts,
    Figure,
    Paragraph,
    Publication,
)
from userops.publishing.exporter import Exporter
from userops.publishing.html.markup import Html, element, joined, raw
from userops.publishing.pictures import Pictures
from userops.publishing.tables import written
from userops.publishing.wording import cleaned, cover, definition, labelled, more, word

HERE = Path(__file__).parent


def write(publication: Publication) -> bytes:
    """The whole file, UTF-8."""
    return _Page(cleaned(publication)).whole().encode()


def style() -> str:
    """The one style sheet: the palette of the house in both themes, then the rules."""

    def palette(theme: dict[str, str]) -> str:
        return " ".join(f"--{name}: {colour};" for name, colour in theme.items())

    light, dark = palette(dict(tokens("light"))), palette(dict(tokens("dark")))
    rules = (HERE / "report.css").read_text(encoding="utf-8")
    return (
        f":root {{ color-scheme: light dark; {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n{rules}"
    )


class _Page:
    def __init__(self, publication: Publication) -> None:
        self.report = publication
        self.language = publication.language
        self.numbers = {each.key: each.number for each in publication.figures}
        self.places = {each.key: f"figure-{at}" for at, each in enumerate(publication.figures, 1)}
        self.pictures = Pictures(publication)

    def whole(self) -> str:
        report, css = self.report, style()
        # the hash lets this sheet in, and the policy nothing else
        digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
        policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        )
        head = joined(
            raw('<meta charset="utf-8">'),
            element("meta", http_equiv="Content-Security-Policy", content=policy),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="generator", content="UserOps"),
            element("meta", name="description", content=f"{report.subtitle} · {report.snapshot}"),
            element("title", f"{report.title} · {report.subtitle}"),
            raw(f"<style>{css}</style>"),
        )
        body = element(
            "div",
            self._cover(),
            self._contents(),
            element("main", *self._sections(), self._definitions(), id="main"),
            self._foot(),
            class_="page",
        )
        skip = element("a", word("contents", self.language), href="#contents", class_="skip")
        lang = "zh-Hans" if self.language.startswith("zh") else "en"
        page = element("html", element("head", head), element("body", skip, body), lang=lang)
        return f"<!doctype html>\n{page.text}\n"

    def _cover(self) -> Html:
        report, language = self.report, self.language
        facts = cover(replace(report, link=""))
        lines = [joined(element("dt", name), element("dd", value)) for name, value in facts]
        if report.link.startswith(("https://", "http://")):
            link = element("a", report.link, href=report.link, rel="noopener noreferrer")
            lines.append(joined(element("dt", word("link", language)), element("dd", link)))
        corrected = labelled("correction", report.correction, language)
        return element(
            "header",
            element("p", report.masthead) if report.masthead else Html(""),
            element("h1", report.title),
            element("p", report.subtitle, class_="sub"),
            element("dl", *lines, class_="facts"),
            element("p", corrected, class_="correction") if report.correction else Html(""),
            class_="cover",
        )

    def _contents(self) -> Html:
        entries = []
        for at, section in enumerate(self.report.sections, start=1):
            figures = [each for each in section.blocks if isinstance(each, Figure)]
            inner = [
                element("li", element("a", f"{each.number} {each.title}", href=self._at(each.key)))
                for each in figures
            ]
            link = element("a", f"{at} {section.title}", href=f"#section-{at}")
            entries.append(element("li", link, element("ol", *inner) if inner else Html("")))
        if self.report.definitions:
            name = word("definitions", self.language)
            entries.append(element("li", element("a", name, href="#definitions")))
        title = element("h2", word("contents", self.language), id="contents")
        label = word("contents", self.language)
        return element("nav", title, element("ol", *entries), aria_label=label)

    def _sections(self) -> list[Html]:
        return [
            element(
                "section",
                element("h2", f"{at} {section.title}", id=f"section-{at}"),
                *(self._block(each) for each in section.blocks),
                aria_labelledby=f"section-{at}",
            )
            for at, section in enumerate(self.report.sections, start=1)
        ]

    def _block(self, block: Block) -> Html:
        if isinstance(block, Figure):
            return self._figure(block)
        if isinstance(block, Facts):
            return element("ul", *(self._fact(each) for each in block.facts), class_="fact-cards")
        if isinstance(block, Cards):
            return element("ul", *(self._card(each) for each in block.cards), class_="cards")
        return self._paragraph(block)

    def _paragraph(self, block: Paragraph) -> Html:
        if block.style == "quote":
            return element("blockquote", block.text, class_="quote")
        named = f"{block.style} {block.tone}".strip()
        return element(
            "p", block.text, self._tone(block.tone), self._proof(block.evidence), class_=named
        )

    def _fact(self, fact: Fact) -> Html:
        return element(
            "li",
            element("div", fact.name, class_="small"),
            element("div", fact.value, class_="value"),
            element("div", fact.compared, self._tone(fact.tone), class_="small"),
            element("div", self._proof(fact.evidence)) if fact.evidence else Html(""),
        )

    def _card(self, card: Card) -> Html:
        lines = [joined(element("dt", name), element("dd", value)) for name, value in card.lines]
        return element(
            "li",
            element("h4", card.title),
            element("div", card.subtitle, class_="small") if card.subtitle else Html(""),
            element("dl", *lines),
            element("div", self._proof(card.evidence)) if card.evidence else Html(""),
        )

    def _tone(self, tone: str) -> Html:
        if not tone:
            return Html("")
        return joined(
            raw(" "), element("span", f"[{word(tone, self.language)}]", class_=f"tone {tone}")
        )

    def _proof(self, keys: tuple[str, ...]) -> Html:
        known = [key for key in keys if key in self.numbers]
        if not known:
            return Html("")
        comma = "、" if self.language.startswith("zh") else ", "
        links = [element("a", self.numbers[key], href=self._at(key)) for key in known]
        between = [part for link in links for part in (raw(comma), link)][1:]
        label = labelled("evidence", "", self.language)
        return joined(raw(" "), element("span", label, *between, class_="proof"))

    def _at(self, key: str) -> str:
        return f"#{self.places[key]}"

    def _figure(self, figure: Figure) -> Html:
        place = self.places[figure.key]
        drawn = self.pictures.of(figure)
        parts = [element("h3", figure.name, id=place)]
        if message := self.report.message_of(figure):
            parts.append(element("p", message))
        if drawn is not None:
            alt = figure.alt or figure.message or figure.title
            svg = element("div", raw(_inline(drawn, alt, place)), class_="scroll", tabindex="0")
            note = element("figcaption", figure.note, class_="small") if figure.note else Html("")
            parts.append(element("figure", svg, note))
        elif figure.chart:
            parts.append(element("p", word("no_picture", self.language), class_="note"))
        parts.append(self._table(figure, place, bare=drawn is None))
        source = labelled("source", figure.source, self.language) if figure.source else ""
        below = filter(None, (definition(self.report, figure.definition), source))
        parts += [element("div", text, class_="small") for text in below]
        return joined(*parts)

    def _table(self, figure: Figure, place: str, *, bare: bool) -> Html:
        table = written(figure, self.language, every=True)
        if not table.rows or not table.heads:
            nothing = word("nothing", self.language)
            return element("p", nothing, class_="note") if bare else Html("")
        kinds = [
            "num" if numeric else _kept_together(wanted)
            for numeric, wanted in zip(table.numeric, table.wanted, strict=True)
        ]
        head = [
            element("th", name, scope="col", class_=kind)
            for name, kind in zip(table.heads, kinds, strict=True)
        ]
        rows = [
            element(
                "tr",
                *(element("td", cell, class_=kind) for cell, kind in zip(row, kinds, strict=False)),
                class_="whole" if at < table.whole else "",
            )
            for at, row in enumerate(table.rows)
        ]
        goes_on = more(len(table.rows), table.total, self.language)
        label = f"{figure.number} {figure.title}"
        whole = element(
            "table",
            element("caption", goes_on) if goes_on else Html(""),
            element("thead", element("tr", *head)),
            element("tbody", *rows),
            aria_label=label,
        )
        return element("div", whole, class_="scroll", tabindex="0", role="region", aria_label=label)

    def _definitions(self) -> Html:
        if not self.report.definitions:
            return Html("")
        lines = [
            joined(element("dt", name), element("dd", text))
            for name, text in self.report.definitions
        ]
        title = element("h2", word("definitions", self.language), id="definitions")
        return element("section", title, element("dl", *lines, class_="definitions"))

    def _foot(self) -> Html:
        report = self.report
        texts = (report.masthead, report.title, report.subtitle, report.snapshot, report.status)
        return element("footer", " · ".join(filter(None, texts)))


NAME, SENTENCE = 16.0, 24.0
"""Widths in Chinese characters: what is shorter stands in one line, what is longer has room for lines that read."""


def _kept_together(wanted: float) -> str:
    return "nowrap" if wanted <= NAME else "sentence" if wanted >= SENTENCE else "name"


_CLASS = re.compile(r' class="zr[^"]*"| pointer-events="[^"]*"| xmlns:xlink="[^"]*"')
_OPENING = re.compile(r"<svg [^>]*>")
_IDS = re.compile(r'(id="|url\(#|href="#)(zr[\w-]+)')


def _inline(drawn: Picture, alt: str, place: str) -> str:
    """The chart as a part of the page: it follows the theme, and its ids are its own."""
    svg = _CLASS.sub("", drawn.svg)
    svg = _IDS.sub(rf"\1{place}-\2", svg)
    for name, colour in tokens("light").items():
        if name.startswith(("ink", "line", "surface", "accent", "chart", "sunken", "on-", "bad")):
            svg = svg.replace(f'"{rgb(colour)}"', f'"var(--{name})"')
    title = element("title", alt, id=f"{place}-alt").text
    tag = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawn.width:g} {drawn.height:g}" '
        f'role="img" aria-labelledby="{place}-alt">{title}'
    )
    return _OPENING.sub(lambda _found: tag, svg, count=1)


HTML = Exporter("html", "text/html; charset=utf-8", write)
