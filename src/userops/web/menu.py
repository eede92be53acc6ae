"""The left bar, as data: it follows the loop, and shows only what exists.

An entry whose address is not wired (yet) is skipped, as is one that the reader's role may not open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from userops.analyses.registry import ANALYSES, FAMILIES
from userops.words import Words

OVERVIEW = "insights:overview"


@dataclass(frozen=True, slots=True)
class Entry:
    """One link. `url` is a name; `key` is pressed after g; `permission` as in `workspace.roles`."""

    title: str | Promise | Words
    url: str
    icon: str
    key: str = ""
    permission: str = "view"
    in_product: bool = True


@dataclass(frozen=True, slots=True)
class Fold:
    """Entries behind a heading that opens; open where the page that is read stands in it."""

    title: str | Promise | Words
    icon: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Group:
    title: str | Promise
    entries: tuple[Entry | Fold, ...]

    @property
    def flat(self) -> list[Entry]:
        """All entries, those of folds too."""
        return [entry for each in self.entries for entry in _entries(each)]


def _entries(each: Entry | Fold) -> tuple[Entry, ...]:
    return each.entries if isinstance(each, Fold) else (each,)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry that the reader may open now."""

    title: str | Promise
    href: str
    icon: str
    key: str
    current: bool


@dataclass(frozen=True, slots=True)
class LinkFold:
    title: str | Promise
    icon: str
    links: tuple[Link, ...]

    @property
    def current(self) -> bool:
        return any(link.current for link in self.links)


@dataclass(frozen=True, slots=True)
class LinkGroup:
    title: str | Promise
    entries: tuple[Link | LinkFold, ...]

    @property
    def flat(self) -> list[Link]:
        """All links, those of folds too."""
        return [
            link
            for each in self.entries
            for link in (each.links if isinstance(each, LinkFold) else (each,))
        ]


_TAKEN = "oadusviqcmpnwrgxy"


def _folds() -> Iterator[Fold]:
    """The families of the registry."""
    entries = dict(zip((each.kind for each in ANALYSES), _analyses(), strict=True))
    for family in FAMILIES:
        yield Fold(family.words, family.icon, tuple(entries[each.kind] for each in family.analyses))


def _analyses() -> Iterator[Entry]:
    """Those of the registry; the key of each is its first letter that nothing else has."""
    taken = set(_TAKEN)
    for analysis in ANALYSES:
        key = next((letter for letter in analysis.kind if letter not in taken), "")
        taken.add(key)
        yield Entry(analysis.words, f"insights:{analysis.kind}", analysis.page.icon, key)


MENU: tuple[Group, ...] = (
    Group("", (Entry(_("Overview"), OVERVIEW, "home", "o"),)),
    Group(
        _("Insights"),
        (
            Entry(_("Dashboards"), "insights:dashboards", "layout-dashboard", "d"),
            Entry(_("Saved analyses"), "insights:saved", "bookmark", "a"),
            *_folds(),
            Entry(_("Alerts"), "alerts:list", "activity", "w"),
            Entry("SQL", "insights:sql", "terminal-2", "", "see_people"),
            Entry(_("Annotations"), "annotations:list", "flag", "n"),
        ),
    ),
    Group(
        _("People"),
        (
            Entry(_("Users"), "audience:users", "users", "u", permission="see_people"),
            Entry(_("Segments"), "audience:segments", "users-group", "g"),
            Entry(_("Tags"), "audience:tags", "tags"),
            Entry(_("Compare segments"), "audience:compare", "arrows-diff"),
            Entry(_("Persona cards"), "audience:personas", "id-badge-2"),
            Entry(_("Computed facts"), "audience:facts", "hash"),
            Entry(_("Churn risk"), "audience:risk", "hourglass"),
        ),
    ),
    Group(
        pgettext_lazy("menu", "Experience"),
        (
            Entry(_("Surveys"), "surveys:list", "zoom-question", "y"),
            Entry(_("Pain points"), "pain_points:list", "target"),
        ),
    ),
    Group(
        pgettext_lazy("menu", "Feedback"),
        (
            Entry(_("Inbox"), "inbox:list", "inbox", "x", "handle_tickets"),
            Entry(_("Deadlines"), "clocks:deadlines", "hourglass", "", "handle_tickets"),
            Entry(_("Requirements"), "requirements:list", "list-details"),
            Entry(pgettext_lazy("ticket", "Rules"), "rules:list", "bolt", "", "handle_tickets"),
            Entry(
                _("Feedback channels"),
                "feedback_channels:list",
                "plug-connected",
                "",
                "manage_desk",
            ),
            Entry(
                _("Import tickets"), "feedback_channels:imports", "file-import", "", "manage_data"
            ),
            Entry(_("What users are told"), "telling:list", "mail", "", "manage_desk"),
            Entry(_("Categories and teams"), "sorting:sorting", "folder", "", "handle_tickets"),
            Entry(_("Topics"), "topics:list", "stack-2", "", "handle_tickets"),
            Entry(_("Understanding"), "understanding:overview", "language", "", "handle_tickets"),
            Entry(_("Language model"), "wording:settings", "terminal-2", "", "manage_workspace"),
        ),
    ),
    Group(
        _("Reports"),
        (
            Entry(_("Reports"), "reports:list", "file-report", "r"),
            Entry(_("Report schedules"), "report_schedules:list", "calendar-stats"),
        ),
    ),
    Group(
        _("Data"),
        (
            Entry(_("Sources"), "collect:sources", "plug-connected", "s", "manage_data"),
            Entry(_("Live events"), "collect:live", "broadcast", "v", "manage_data"),
            Entry(_("Imports"), "collect:imports", "file-import", "i", "manage_data"),
            Entry(_("Data quality"), "collect:quality", "shield-check", "q", "manage_data"),
            Entry(_("Quarantine"), "collect:quarantine", "archive", "", "manage_data"),
            Entry(_("Catalogue"), "collect:catalogue", "book-2", "c"),
        ),
    ),
    Group(
        _("Settings"),
        (
            Entry(_("Members"), "workspace:members", "users-group", "m", "manage_workspace", False),
            Entry(_("Products"), "workspace:products", "box", "p", "manage_workspace", False),
            Entry(_("Working calendars"), "calendars:list", "calendar"),
            Entry(_("Notice channels"), "notices:channels", "bell", "", "manage_sources"),
            Entry(_("API tokens"), "workspace:tokens", "key", "", "view", False),
            Entry(_("Audit log"), "workspace:log", "history", "", "manage_workspace", False),
        ),
    ),
)


@lru_cache(maxsize=256)
def addresses(
    groups: tuple[Group, ...], slug: str | None, granted: frozenset[str]
) -> dict[Entry, str]:
    """What this reader can open, and where."""
    return {
        entry: href
        for group in groups
        for entry in group.flat
        if entry.permission in granted and (href := _href(entry, slug))
    }


def current(hrefs: Mapping[Entry, str], path: str) -> str:
    """The longest address that matches. All pages of a product lie below its overview: it stands for itself alone."""
    found = (
        href
        for entry, href in hrefs.items()
        if path == href or (path.startswith(href) and entry.url != OVERVIEW)
    )
    return max(found, key=len, default="")


def links(
    groups: tuple[Group, ...], *, slug: str | None, granted: Collection[str], path: str
) -> list[LinkGroup]:
    """The part of the menu that this reader can open."""
    hrefs = addresses(groups, slug, frozenset(granted))
    here = current(hrefs, path)

    def link(entry: Entry) -> Link:
        href = hrefs[entry]
        return Link(_text(entry.title), href, entry.icon, entry.key, href == here)

    def shown(each: Entry | Fold) -> Link | LinkFold | None:
        inside = tuple(link(entry) for entry in _entries(each) if entry in hrefs)
        if isinstance(each, Fold):
            return LinkFold(_text(each.title), each.icon, inside) if inside else None
        return inside[0] if inside else None

    found = (
        LinkGroup(group.title, tuple(filter(None, map(shown, group.entries)))) for group in groups
    )
    return [group for group in found if group.entries]


def _text(title: str | Promise | Words) -> str | Promise:
    return title.text(get_language() or "en") if isinstance(title, Words) else title


def _href(entry: Entry, slug: str | None) -> str:
    if entry.in_product and slug is None:
        return ""
    try:
        return reverse(entry.url, kwargs={"product": slug} if entry.in_product else None)
    except NoReverseMatch:
        return ""


def address_in(request: HttpRequest, slug: str) -> str:
    """The same page for another product where there is one, else the product's overview."""
    match = request.resolver_match
    if match is not None and set(match.kwargs) == {"product"}:
        return reverse(match.view_name, kwargs={"product": slug})
    try:
        return reverse(OVERVIEW, kwargs={"product": slug})
    except NoReverseMatch:
        return f"/p/{slug}/"
