"""Writes: surveys, their versions, whom they ask. Each checks the permission, validates, leaves a log row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from userops.audience.segments.models import Segment
from userops.errors import Refused
from userops.events.catalogue import personal_of
from userops.events.models import Product
from userops.events.store import Store
from userops.experience.surveys import inviting
from userops.experience.surveys.document import Document, parse, parse_new
from userops.experience.surveys.models import Budget, Quota, Survey, Version, Way
from userops.experience.surveys.templates import TEMPLATES
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission

LONGEST_NAME = 200
MOST_SURVEYS = 1_000
MOST_CARRIED = 3
DAYS = range(366)
State = Survey.State


@dataclass(frozen=True, slots=True)
class QuotaWanted:
    question: str
    value: str
    most: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Whom a survey asks, how, and how often. `segment`: its number, or none for everybody."""

    ways: Sequence[str] = (Way.LINK,)
    anonymous: bool = False
    segment: int | None = None
    sample_percent: float = 100
    seed: str = ""
    again: str = Survey.Again.ONCE
    again_days: int = 30
    most_times: int = 3
    own_clock: bool = False
    trigger_event: str = ""
    opens: datetime | None = None
    closes: datetime | None = None
    most: int | None = None
    carries: Sequence[str] = ()
    to_tickets: bool = False
    quotas: Sequence[QuotaWanted] = ()


def settings_of(survey: Survey) -> Settings:
    """As they are."""
    quotas = [QuotaWanted(q.question, q.value, q.most) for q in survey.quotas.order_by("pk")]
    names = (name for name in Settings.__dataclass_fields__ if name not in ("segment", "quotas"))
    given: dict[str, Any] = {name: getattr(survey, name) for name in names}
    return Settings(segment=survey.segment_id, quotas=quotas, **given)


@transaction.atomic
def create_survey(
    product: Product, name: str, *, template: str = "nps", acting_user: User,
    document: Mapping[str, Any] | None = None,
) -> Survey:  # fmt: skip
    """A draft from a template, or from a document. Raises `Refused`, `DocumentError`."""
    check(acting_user, product, Permission.RUN_SURVEYS)
    if template not in TEMPLATES:
        listed = ", ".join(TEMPLATES)
        raise Refused(
            Words(
                f"没有模板 {template!r}；可用：{listed}。",
                f"No template {template!r}; there are: {listed}.",
            ),
            code="survey_template_unknown",
        )
    if Survey.objects.filter(product=product).count() >= MOST_SURVEYS:
        raise Refused(
            Words(
                f"每个产品最多 {MOST_SURVEYS} 份问卷。",
                f"A product has at most {MOST_SURVEYS} surveys.",
            ),
            code="too_many_surveys",
        )
    made = TEMPLATES[template][2](product.name) if document is None else document
    row = Survey(product=product, name=name_of(name, LONGEST_NAME), owner=acting_user)
    row.draft, row.ways = _dumped(parse_new(made)), [Way.LINK]
    row.save()
    _noted(acting_user, "survey.created", row)
    return row


@transaction.atomic
def copy_survey(survey: Survey, name: str, *, acting_user: User) -> Survey:
    """The same questions and settings as a new draft."""
    made = create_survey(survey.product, name, document=survey.draft, acting_user=acting_user)
    wanted = replace(settings_of(survey), opens=None, closes=None, seed="")
    return set_survey(made, wanted, acting_user=acting_user)


@transaction.atomic
def change_questions(
    survey: Survey, document: Mapping[str, Any], *, acting_user: User, name: str | None = None
) -> Survey:
    """The draft of the next version; what is asked now stays until it is published."""
    _may(acting_user, survey)
    survey.draft = _dumped(parse_new(document))
    if name is not None:
        survey.name = name_of(name, LONGEST_NAME)
    survey.save(update_fields=["draft", "name", "updated"])
    _noted(acting_user, "survey.changed", survey)
    return survey


@transaction.atomic
def set_survey(survey: Survey, wanted: Settings, *, acting_user: User) -> Survey:
    """Whom it asks, how, and how often. Raises `Refused`."""
    _may(acting_user, survey)
    _check(survey, wanted)
    for name in Settings.__dataclass_fields__:
        if name not in ("segment", "quotas", "seed", "ways", "carries"):
            setattr(survey, name, getattr(wanted, name))
    survey.ways, survey.carries = list(wanted.ways), list(wanted.carries)
    survey.seed = wanted.seed.strip()[:40] or survey.seed
    survey.segment = _segment(survey, wanted.segment)
    survey.save()
    _set_quotas(survey, wanted.quotas)
    _noted(acting_user, "survey.settings", survey)
    return survey


@transaction.atomic
def publish(survey: Survey, *, acting_user: User) -> Survey:
    """Ask the draft from now on: a new version if it differs from the last; begins or goes on running."""
    _may(acting_user, survey)
    document = _dumped(parse_new(survey.draft))
    if survey.version is None or survey.version.document != document:
        last = survey.versions.first()
        survey.version = Version.objects.create(
            survey=survey,
            number=last.number + 1 if last else 1,
            document=document,
            by=acting_user.email,
        )
    survey.state = State.RUNNING
    survey.save(update_fields=["version", "state", "updated"])
    _noted(acting_user, "survey.published", survey, version=survey.version.number)
    return survey


@transaction.atomic
def set_state(survey: Survey, state: str, *, acting_user: User) -> Survey:
    """Pause, go on, or close. Raises `Refused` for what was never published."""
    _may(acting_user, survey)
    allowed = (State.RUNNING, State.PAUSED, State.CLOSED)
    if survey.version is None or state not in allowed:
        raise Refused(
            Words("请先发布问卷。", "Publish the survey first."), code="survey_not_published"
        )
    survey.state = state
    survey.save(update_fields=["state", "updated"])
    _noted(acting_user, "survey.state", survey, state=state)
    return survey


@transaction.atomic
def delete_survey(survey: Survey, *, acting_user: User) -> None:
    """With its answers."""
    _may(acting_user, survey)
    _noted(acting_user, "survey.deleted", survey, answers=survey.responses.count())
    survey.delete()


@transaction.atomic
def set_budget(product: Product, *, most: int, days: int, acting_user: User) -> Budget:
    """How often all surveys together may ask one person. Raises `Refused`."""
    check(acting_user, product, Permission.RUN_SURVEYS)
    if not (1 <= most <= 100 and 1 <= days <= 365):
        raise Refused(
            Words(
                "疲劳上限应为 1–365 天内 1–100 次。",
                "The budget is 1 to 100 times in 1 to 365 days.",
            ),
            code="survey_budget_invalid",
        )
    row, _made = Budget.objects.update_or_create(
        product=product, defaults={"most": most, "days": days}
    )
    note(acting_user, "survey.budget", product=product, most=most, days=days)
    return row


def send_invitations(store: Store, survey: Survey, *, acting_user: User) -> inviting.Round:
    """Mail everybody who may be asked now. Raises `Refused` where mail is not set up or not a way of it."""
    from userops.notices.telling import mail_is_set_up

    _may(acting_user, survey)
    if not mail_is_set_up():
        raise Refused(
            Words("尚未配置发信服务器。", "No mail server is set up."),
            code="mail_not_set_up",
            hint=Words("请设置 USEROPS_MAIL_URL。", "Set USEROPS_MAIL_URL."),
        )
    if survey.state != State.RUNNING or Way.MAIL not in survey.ways:
        raise Refused(
            Words(
                "问卷未在投放，或没有启用邮件投放。",
                "The survey is not running, or not asked by mail.",
            ),
            code="survey_not_by_mail",
        )
    found = inviting.send_round(store, survey)
    _noted(acting_user, "survey.sent", survey, people=len(found.eligible))
    return found


def _may(user: User, survey: Survey) -> None:
    check(user, survey.product, Permission.RUN_SURVEYS)


def _dumped(document: Document) -> dict[str, Any]:
    return document.model_dump(mode="json", exclude_defaults=False)


def _segment(survey: Survey, key: int | None) -> Segment | None:
    if key is None:
        return None
    row = Segment.objects.filter(product=survey.product, pk=key).first()
    if row is None:
        raise Refused(
            Words(f"没有分群 {key}。", f"There is no segment {key}."), code="segment_not_found"
        )
    return row


def _set_quotas(survey: Survey, wanted: Sequence[QuotaWanted]) -> None:
    kept = []
    for each in wanted:
        row, _made = Quota.objects.update_or_create(
            survey=survey, question=each.question, value=each.value, defaults={"most": each.most}
        )
        kept.append(row.pk)
    survey.quotas.exclude(pk__in=kept).delete()


def _check(survey: Survey, wanted: Settings) -> None:
    document = parse(survey.draft)
    known = set(Way.values)
    promise = "发布后不能再改变匿名与否。", "Whether it is anonymous is fixed once published."
    personal = next(
        (each for each in wanted.carries if ("user", each) in personal_of(survey.product_id)), ""
    )
    dates = wanted.opens and wanted.closes and wanted.closes <= wanted.opens
    rules = (
        (bool(wanted.ways) and set(wanted.ways) <= known, "请至少选择一种投放方式。", "Choose at least one way."),
        (0 < wanted.sample_percent <= 100, "抽样比例应大于 0、不超过 100。", "The sample is above 0 and up to 100%."),
        (wanted.again in Survey.Again.values, "重复规则无效。", "The rule for asking again is not known."),
        (wanted.again_days in DAYS and 1 <= wanted.most_times <= 50, "间隔应为 0–365 天，次数应为 1–50。",
         "0 to 365 days, 1 to 50 times."),
        (not dates, "截止时间应晚于开始时间。", "It closes after it opens."),
        (wanted.most is None or wanted.most >= 1, "答卷上限应为正整数。", "The number of answers is at least 1."),
        (len(wanted.carries) <= MOST_CARRIED, f"最多随答卷保存 {MOST_CARRIED} 个属性。",
         f"At most {MOST_CARRIED} properties are kept with an answer."),
        (not personal, f"“{personal}”是个人信息，不随答卷保存：看结果的人不一定能查看单个用户。",
         f"“{personal}” is personal data: who reads results need not be allowed to see single users."),
        (survey.version_id is None or survey.anonymous == wanted.anonymous, *promise),
        (not (wanted.anonymous and wanted.again == Survey.Again.UNTIL_ANSWERED),
         "匿名问卷不知道谁回答过，不能“直到回答为止”；请改为只问一次或总是再问。",
         "An anonymous survey does not know who answered, so it cannot ask until they do: choose once, or always."),
        (not wanted.anonymous or not wanted.to_tickets, "匿名问卷的回答不会变成工单。",
         "Answers of an anonymous survey do not become tickets."),
    )  # fmt: skip
    for good, zh, en in rules:
        if not good:
            raise Refused(Words(zh, en), code="survey_settings_invalid")
    for quota in wanted.quotas:
        _check_quota(document, quota)


def _check_quota(document: Document, quota: QuotaWanted) -> None:
    """A quota that no answer can ever meet would never end the survey."""
    question = document.get(quota.question)
    if question is None or quota.most < 1 or not question.can_be(quota.value):
        said = f"{quota.question}, {quota.value}, {quota.most}"
        raise Refused(
            Words(
                f"配额“{said}”有误：应为问卷里的一道题、它的一个答案，以及正整数。",
                f"The quota “{said}” is wrong: a question of the survey, one of its answers, and a number from 1 on.",
            ),
            code="survey_settings_invalid",
        )


def _noted(user: User, action: str, survey: Survey, **details: Any) -> None:
    note(user, action, product=survey.product, target=survey.name, **details)
