"""The annotations of the demo company: what was planted, as its team would have written it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from userops.annotations.actions import create_annotation
from userops.annotations.models import Annotation, Kind
from userops.demo.load import DemoOrder
from userops.demo.plan import Plan, make_plan
from userops.events.models import Product
from userops.words import Words
from userops.workspace.models import User


@dataclass(frozen=True, slots=True)
class Remembered:
    kind: Kind
    words: Words
    begins: str
    ends: str = ""


def write_annotations(product: Product, order: DemoOrder, owner: User, language: str) -> None:
    """Write them down, unless the product has annotations already."""
    if Annotation.objects.filter(product=product).exists():
        return
    for each in remembered(make_plan(date.fromisoformat(order.end), order.days)):
        create_annotation(
            product,
            kind=each.kind.value,
            text=each.words.text(language),
            begins=each.begins,
            ends=each.ends,
            acting_user=owner,
        )


def remembered(plan: Plan) -> list[Remembered]:
    """Of the plan of the window, in order of its story. What nobody would know is not there."""
    return [*_releases(plan), *_campaigns(plan), *_trouble(plan), *_holidays(plan)]


def _day(plan: Plan, day: int) -> str:
    return plan.date_of(day).isoformat()


def _releases(plan: Plan) -> list[Remembered]:
    out: dict[tuple[str, int], None] = {
        (release.version, release.day): None for release in plan.releases if release.day >= 0
    }
    return [
        Remembered(Kind.RELEASE, Words(f"发布 {version}", f"Release {version}"), _day(plan, day))
        for version, day in out
    ]


def _campaigns(plan: Plan) -> list[Remembered]:
    first, last = plan.campaign
    return [
        Remembered(
            Kind.CAMPAIGN,
            Words("邀请有礼活动", "Referral campaign"),
            _day(plan, first),
            _day(plan, last),
        ),
        Remembered(
            Kind.CAMPAIGN,
            Words("抖音集中投放", "Burst of Douyin ads"),
            _day(plan, plan.burst_day),
        ),
        Remembered(
            Kind.OTHER,
            Words("结算页 A/B 测试开始", "A/B test of the checkout begins"),
            _day(plan, plan.experiment_day),
        ),
    ]


def _trouble(plan: Plan) -> list[Remembered]:
    begin = f"{_day(plan, plan.incident_day)}T{plan.incident_hour:02}:00"
    return [
        Remembered(
            Kind.INCIDENT,
            Words("安卓 3.2.0 崩溃增多、支付变少", "Android 3.2.0 crashes more and sells less"),
            _day(plan, plan.bad_release_day),
            _day(plan, plan.fix_day - 1),
        ),
        Remembered(
            Kind.INCIDENT,
            Words("支付网关故障", "Payment gateway down"),
            begin,
            f"{_day(plan, plan.incident_day)}T{plan.incident_hour:02}:59",
        ),
    ]


def _holidays(plan: Plan) -> list[Remembered]:
    return [
        Remembered(
            Kind.OTHER,
            each.words,
            each.days[0].isoformat(),
            each.days[-1].isoformat() if len(each.days) > 1 else "",
        )
        for each in plan.holidays
    ]
