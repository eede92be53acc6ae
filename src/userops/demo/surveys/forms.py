"""What the surveys ask, and whom: documents and settings as a member would have made them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from userops.demo.plan import Plan
from userops.demo.surveys.planted import CSAT_DAYS, WISH_DAYS, midnight, wave_starts
from userops.demo.surveys.words import DOORS, WANTS
from userops.demo.world import BRAND
from userops.experience.surveys.actions import Settings
from userops.experience.surveys.models import Survey, Way
from userops.experience.surveys.templates import TEMPLATES, question
from userops.experience.surveys.wording import THANKS, both
from userops.words import Words


@dataclass(frozen=True)
class Form:
    """One survey of the company, with the state that it is in now."""

    key: str
    name: Words
    document: dict[str, Any]
    settings: Settings
    state: str = Survey.State.RUNNING


def forms(plan: Plan, language: str) -> list[Form]:
    """The four, the oldest first."""
    name = BRAND.text(language)
    csat_ends = midnight(plan.date_of(int(CSAT_DAYS[1] * plan.days)) + timedelta(1))
    first, last = wave_starts(plan)[0], plan.last
    wish_begins, wish_ends = (
        midnight(last - timedelta(WISH_DAYS - 1)),
        midnight(last + timedelta(15)),
    )
    return [
        Form(
            "nps", Words("季度 NPS", "Quarterly NPS"), TEMPLATES["nps"][2](name),
            Settings(
                (Way.MAIL,), again=Survey.Again.ALWAYS, again_days=80, opens=midnight(first),
                carries=("member_level",),
            ),
        ),
        Form(
            "csat", Words("购物体验满意度", "Satisfaction with shopping"), _aspects(name),
            Settings(
                (Way.IN_APP,), opens=midnight(plan.date_of(int(CSAT_DAYS[0] * plan.days))), closes=csat_ends,
            ),
            Survey.State.CLOSED,
        ),
        Form(
            "ces", Words("退款是否轻松（CES）", "How easy a refund was (CES)"), _refund(name),
            Settings((Way.IN_APP,), trigger_event="refund_request", again=Survey.Again.ALWAYS, again_days=30),
        ),
        Form(
            "wishes", Words("双十二想买什么（匿名）", "Wishes for the next sale (anonymous)"), _wishes(),
            Settings((Way.IN_APP, Way.LINK), anonymous=True, opens=wish_begins, closes=wish_ends, most=600),
        ),
    ]  # fmt: skip


def _aspects(name: str) -> dict[str, Any]:
    return TEMPLATES["aspects"][2](name)


def _refund(name: str) -> dict[str, Any]:
    door = question("single", "door")
    door["title"] = both(Words("您是怎么申请退款的？", "How did you ask for the refund?"))
    door["options"] = _options(DOORS)
    document = TEMPLATES["ces"][2](name)
    document["questions"].insert(1, door)
    return document


def _wishes() -> dict[str, Any]:
    wants, wish = question("multiple", "wants"), question("text", "wish")
    wants["title"] = both(
        Words("双十二您想买什么？", "What would you like to buy at the next sale?")
    )
    wants["options"] = _options(WANTS)
    wish["title"] = both(Words("还有什么愿望？", "Any other wish?"))
    return {
        "languages": ["zh-hans", "en"], "questions": [wants, wish], "thanks": both(THANKS)
    }  # fmt: skip


def _options(words: dict[str, Words]) -> list[dict[str, Any]]:
    return [{"key": key, "text": both(each)} for key, each in words.items()]
