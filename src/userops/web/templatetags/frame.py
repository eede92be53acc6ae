"""What the frame of every page needs: menu, products, theme, and the texts of our scripts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from userops.web import menu as menu_data
from userops.web.preferences import RISES, THEMES, rise_of, theme_of

register = template.Library()

_THEME_ICONS = {"auto": "device-desktop", "light": "sun", "dark": "moon"}


class NextTheme(NamedTuple):
    next: str
    title: str
    icon: str


class ProductLink(NamedTuple):
    name: str
    href: str
    current: bool


class AccountLink(NamedTuple):
    title: str
    href: str
    icon: str


def _theme_names() -> dict[str, str]:
    return {
        "auto": _("as the system"),
        "light": pgettext("theme", "light"),
        "dark": pgettext("theme", "dark"),
    }


@register.simple_tag(takes_context=True)
def theme_attributes(context: Context) -> SafeString:
    request = context.get("request")
    if request is None:
        return SafeString('data-theme="auto"')
    return format_html('data-theme="{}" data-rise="{}"', theme_of(request), rise_of(request))


@register.simple_tag(takes_context=True)
def next_theme(context: Context) -> NextTheme:
    """The button's state: its icon and title say what is in force, its value what comes next."""
    request = context.get("request")
    now = theme_of(request) if request else "auto"
    following = THEMES[(THEMES.index(now) + 1) % len(THEMES)]
    title = _("Theme: ") + _theme_names()[now]
    return NextTheme(following, title, _THEME_ICONS[now])


@register.simple_tag(takes_context=True)
def other_rise(context: Context) -> str:
    """The colour of rises that is not in force: what the button changes to."""
    request = context.get("request")
    return RISES[1 - RISES.index(rise_of(request))] if request else RISES[1]


@register.simple_tag(takes_context=True)
def menu(context: Context) -> SafeString:
    """The links of the left bar."""
    slug, granted = _reader(context)
    hrefs = menu_data.addresses(menu_data.MENU, slug, granted)
    here = menu_data.current(hrefs, context["request"].path) if hrefs else ""
    return _drawn("web/menu.html", slug, granted, here, get_language() or "en")


@register.simple_tag(takes_context=True)
def menu_keys(context: Context) -> SafeString:
    """The keys by which the links of the left bar are reached."""
    slug, granted = _reader(context)
    return _drawn("web/menu_keys.html", slug, granted, "", get_language() or "en")


def _reader(context: Context) -> tuple[str | None, frozenset[str]]:
    """The product whose pages the bar leads to, and what may be opened there."""
    if context.get("request") is None:
        return None, frozenset()
    product = context.get("product") or next(iter(context.get("products") or ()), None)
    return product.slug if product else None, frozenset(context.get("granted") or ())


@lru_cache(maxsize=256)
def _drawn(
    template: str, slug: str | None, granted: frozenset[str], here: str, _language: str
) -> SafeString:
    """Drawn once for all readers who may open the same: it was a third of what a page costs."""
    groups = menu_data.links(menu_data.MENU, slug=slug, granted=granted, path=here)
    return SafeString(render_to_string(template, {"groups": groups}))


@register.simple_tag(takes_context=True)
def product_links(context: Context) -> list[ProductLink]:
    request, now = context["request"], context.get("product")
    return [
        ProductLink(one.name, menu_data.address_in(request, one.slug), one == now)
        for one in context.get("products") or ()
    ]


@register.simple_tag
def account_links() -> list[AccountLink]:
    """Links of the user menu whose pages exist."""
    wanted = (
        (_("My account"), "workspace:account", "user"),
        (_("Password"), "account_change_password", "lock"),
        (_("Two-step log-in"), "mfa_index", "fingerprint"),
    )
    found = []
    for title, name, icon in wanted:
        try:
            found.append(AccountLink(title, reverse(name), icon))
        except NoReverseMatch:
            continue
    return found


@register.filter
def first_letter(value: Any) -> str:
    return str(value)[:1].upper()


@register.filter
def control(field: BoundField) -> SafeString:
    """A form field's control with the classes of its kind."""
    kinds = {"checkbox": "form-check-input", "select": "form-select"}
    return field.as_widget(attrs={"class": kinds.get(field.widget_type, "form-control")})


class _Compact(DjangoJSONEncoder):
    """Chinese as it is, which takes half the bytes, and no blanks."""

    def __init__(self, **options: Any):
        super().__init__(**{**options, "ensure_ascii": False, "separators": (",", ":")})


@register.filter
def data_script(value: Any, element_id: str) -> SafeString:
    """A data block that scripts read; what could end it is escaped."""
    return json_script(value, element_id, encoder=_Compact)


@register.simple_tag
def words_for_scripts() -> SafeString:
    """The texts that scripts show, as a data block."""
    words = {
        "theme": _("Theme: "),
        **{f"theme-{key}": name for key, name in _theme_names().items()},
        "copied": _("Copied"),
        "not-copied": _("Could not copy: select the text and copy it yourself."),
        "working": _("Working…"),
        "cancel": _("Cancel"),
        "cancelled": _("Cancelled"),
        "retry": _("Try again"),
        "failed": _("The server could not answer this."),
        "offline": _("The server cannot be reached."),
        "signed-out": _("You are logged out: reload the page and log in."),
        "not-allowed": _("Your role does not permit this."),
        "not-found": _("This is no longer there."),
        "too-many": _("Too many requests: wait a moment."),
        "unfinished": _("This period is incomplete."),
        "day": pgettext("unit of time", "d"),
        "hour": pgettext("unit of time", "h"),
        "minute": pgettext("unit of time", "min"),
        "second": pgettext("unit of time", "s"),
    }
    return data_script(words, "words-for-scripts")
