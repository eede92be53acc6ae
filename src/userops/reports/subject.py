"""What a report is about: a product, a period, and which of its events stand for what.

The names are read off the catalogue, by the words of the trade; a person may say otherwise in the report's
settings. What is not there stays empty, and figures that need it say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import models

from userops.annotations.models import Annotation
from userops.errors import Refused
from userops.events.models import EventDefinition, Product, PropertyDefinition, QualityReport
from userops.money import currency_sign
from userops.publishing.numbers import CURRENCY
from userops.query.dates import Unit
from userops.reports.periods import Period
from userops.reports.whom import Whom, read_whom
from userops.words import Words

if TYPE_CHECKING:
    from userops.reports.outline import ReportKind

ROLES: Mapping[str, tuple[str, ...]] = {
    "visit": ("app_open", "$AppStart", "app_launch", "open_app", "launch", "session_start"),
    "browse": ("view_product", "product_view", "view_item", "$ViewProduct", "browse", "浏览", "catalog"),
    "cart": ("add_to_cart", "cart_add", "addToCart", "cart", "加购"),
    "checkout": ("checkout_start", "begin_checkout", "checkout", "submit_order", "payment_choice", "下单"),
    "purchase": (
        "pay_success", "payment_success", "payment_done", "purchase", "order_paid", "order_completed",
        "paid", "支付成功", "payment",
    ),
    "pay_failed": ("pay_fail", "payment_failed", "pay_failed", "payment_error"),
    "crash": ("crash", "app_crash", "$AppCrash", "exception"),
    "search": ("search", "$Search", "search_submit", "搜索"),
    "invite": ("invite_sent", "invite", "share_invite"),
    "nps": ("nps_submit", "nps", "nps_response"),
    "feedback": ("feedback_submit", "feedback"),
}  # fmt: skip
"""The event that plays a role: the first of these names that the product has."""
AMOUNTS = ("amount", "revenue", "total_amount", "order_amount", "pay_amount", "total", "金额")
ORDERS = ("order_id", "order_no", "InvoiceNo", "invoice_no", "invoice", "transaction_id", "订单号")
ERRORS = ("error_code", "error", "reason")
ANY = "*"
_SEGMENTS = (
    ("channel", "event"), ("platform", "event"), ("register_channel", "user"),
    ("member_level", "user"), ("utm_source", "event"), ("city", "event"), ("Country", "event"),
    ("country", "event"), ("area", "event"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that people wrote down on the time axis."""

    kind: str
    text: str
    first: date
    last: date


@dataclass(frozen=True)
class Subject:
    """`roles`: which event plays which role; `labels`: display names of events by language."""

    product: str
    zone: ZoneInfo
    period: Period
    now: datetime
    first_day: date | None
    """From which on the data are whole; None where there are none."""
    last_day: date | None = None
    """The last one with data, where they ended; None while they go on."""
    roles: Mapping[str, str] = field(default_factory=dict)
    funnel: tuple[str, ...] = ()
    properties: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Names by `event` and `user`."""
    events: frozenset[str] = frozenset()
    labels: Mapping[str, Words] = field(default_factory=dict)
    named_properties: Mapping[str, Words] = field(default_factory=dict)
    calendar: tuple[Mark, ...] = ()
    intake: Mapping[str, int] = field(default_factory=dict)
    """Rows that came in, were refused, and came twice, by the quality reports of the period."""
    facts: frozenset[str] = frozenset()
    """What was computed of persons: `$csat`, `$segment/3`."""
    whom: Whom = field(default_factory=Whom)
    chosen: Mapping[str, Any] = field(default_factory=dict)
    """The settings that are the report's own, read."""
    currency: str = CURRENCY

    def role(self, name: str) -> str:
        """The event of a role, empty where the product has none."""
        return self.roles.get(name, "")

    @property
    def amount(self) -> str:
        return self.roles.get("amount", "")

    @property
    def order(self) -> str:
        return self.roles.get("order", "")

    @property
    def money(self) -> str:
        """The type of columns and values that are sums of money, in the product's currency."""
        return "money" if self.currency == CURRENCY else f"money:{self.currency}"

    def in_currency(self, name: str, language: str) -> str:
        """What an axis of sums is called: `支付金额（¥）`, `Sales (CN¥)`."""
        sign = currency_sign(language, self.currency)
        if not name:
            return sign
        return f"{name}（{sign}）" if language.startswith("zh") else f"{name} ({sign})"

    def has(self, property_: str, of: str = "event") -> bool:
        return property_ in self.properties.get(of, frozenset())

    def segments(self) -> list[tuple[str, str]]:
        """Properties by which groups of users are told apart, the most telling first."""
        return [each for each in _SEGMENTS if self.has(*each)]

    def label(self, event: str) -> Words:
        return self.labels.get(event, Words(event, event))

    @property
    def unit(self) -> Unit:
        """How long a step of a time axis is, so that the axis stays readable."""
        days = self.period.days
        return "day" if days <= 92 else "week" if days <= 731 else "month"

    @property
    def today(self) -> date:
        """The first day that is not over, or of which nothing is known as the data ended before it."""
        day = self.now.astimezone(self.zone).date()
        return day if self.last_day is None else min(day, self.last_day + timedelta(days=1))

    @property
    def until(self) -> datetime | None:
        """The moment at which the data ended: later days are not known, rather than empty."""
        if self.last_day is None:
            return None
        return datetime.combine(self.last_day + timedelta(days=1), time(), tzinfo=self.zone)

    @property
    def finished(self) -> bool:
        """Whether the last day of the period is over, and known."""
        return self.today > self.period.last

    @property
    def before_is_whole(self) -> bool:
        """Whether the data reach back over the whole period before."""
        return self.first_day is not None and self.first_day <= self.period.before.first

    @property
    def history_months(self) -> int:
        if self.first_day is None:
            return 0
        last = self.period.last
        return (last.year - self.first_day.year) * 12 + last.month - self.first_day.month

    @property
    def year_known(self) -> bool:
        return (
            self.first_day is not None
            and self.history_months >= 13
            and self.first_day <= self.period.year_before.first
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "roles": dict(self.roles),
            "funnel": list(self.funnel),
            "history_months": self.history_months,
            "from": self.first_day.isoformat() if self.first_day else None,
            "until": self.until.isoformat() if self.until else None,
            "currency": self.currency,
            "whom": [dict(each) for each in self.whom.filters],
            "chosen": dict(self.chosen),
        }


_OTHERS = ("funnel", "only", "without")
"""Settings that name no event or property."""


def read_subject(
    product: Product,
    period: Period,
    settings: Mapping[str, Any],
    now: datetime,
    first: date | None,
    last: date | None = None,
    facts: Iterable[str] = (),
    kind: ReportKind | None = None,
) -> Subject:
    """What the catalogue of a product offers to a report. Raises `Refused` for a wrong setting."""
    definitions = list(EventDefinition.objects.filter(product=product))
    events = {each.name for each in definitions}
    rows = list(PropertyDefinition.objects.filter(product=product))
    properties = {
        of: frozenset(each.name for each in rows if each.of == of) for of in ("event", "user")
    }
    roles = {role: _first(names, events) for role, names in ROLES.items()}
    roles["amount"] = _first(AMOUNTS, properties["event"])
    roles["order"] = _first(ORDERS, properties["event"])
    roles["error"] = _first(ERRORS, properties["event"])
    own = kind.settings if kind else {}
    chosen = {
        name: str(value)
        for name, value in settings.items()
        if name not in (*_OTHERS, *own) and value
    }
    _known(chosen, events, properties["event"])
    roles = {name: found for name, found in (roles | chosen).items() if found}
    zone = ZoneInfo(product.timezone)
    return Subject(
        product=product.slug,
        zone=zone,
        period=period,
        now=now,
        first_day=first,
        last_day=last,
        roles=roles,
        funnel=_funnel(settings.get("funnel"), roles, events),
        properties=properties,
        events=frozenset(events),
        labels={
            each.name: Words(
                each.label_zh or each.label_en or each.name,
                each.label_en or each.label_zh or each.name,
            )
            for each in definitions
        },
        named_properties={
            each.name: Words(
                each.label_zh or each.label_en or each.name,
                each.label_en or each.label_zh or each.name,
            )
            for each in rows
        },
        calendar=_calendar(product, period),
        intake=_intake(product, period),
        facts=frozenset(facts),
        whom=read_whom(product, settings, properties["user"]),
        currency=product.currency,
        chosen={name: each.read(settings.get(name), product) for name, each in own.items()},
    )


def _calendar(product: Product, period: Period) -> tuple[Mark, ...]:
    rows = Annotation.objects.filter(product=product, first__lte=period.last)
    marks = [
        Mark(each.kind, each.text, each.first, each.last or each.first)
        for each in rows.order_by("first", "pk")
    ]
    return tuple(each for each in marks if each.last >= period.first)


def _intake(product: Product, period: Period) -> dict[str, int]:
    """Of the days of the period, and of the imports that were carried out for this product."""
    days = models.Q(day__gte=period.first, day__lte=period.last)
    rows = QualityReport.objects.filter(days | models.Q(day=None), product=product)
    found = [row.report for row in rows]
    return {
        name: sum(int(each.get(name) or 0) for each in found)
        for name in ("rows", "stored", "refused", "duplicates")
    }


def _first(names: Iterable[str], known: Iterable[str]) -> str:
    there = set(known)
    return next((name for name in names if name in there), "")


def _known(chosen: Mapping[str, str], events: set[str], properties: frozenset[str]) -> None:
    for name, value in chosen.items():
        among = properties if name in ("amount", "order", "error") else events
        if name not in (*ROLES, "amount", "order", "error") or value not in among:
            raise Refused(
                Words(
                    f"设置 {name[:40]}={value[:40]!r} 无效：没有这个事件或属性。",
                    f"The setting {name[:40]}={value[:40]!r} is no event or property of this product.",
                ),
                code="report_setting_invalid",
            )


def _funnel(chosen: Any, roles: Mapping[str, str], events: set[str]) -> tuple[str, ...]:
    """The main funnel: as chosen, else from browsing to buying."""
    if chosen:
        steps = [str(each) for each in chosen]
        missing = [each for each in steps if each not in events]
        if missing or not 2 <= len(steps) <= 20:
            raise Refused(
                Words(
                    f"漏斗应为 2 到 20 个已有事件；没有：{'、'.join(missing) or '—'}。",
                    f"A funnel has 2 to 20 events of the product; unknown: {', '.join(missing) or '—'}.",
                ),
                code="report_funnel_invalid",
            )
        return tuple(steps)
    found = [roles[each] for each in ("browse", "cart", "checkout", "purchase") if each in roles]
    return tuple(found) if len(found) >= 2 else ()
