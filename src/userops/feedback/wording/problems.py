"""What may go wrong with a model that is plugged in: each with its code, and a word for who set it up."""

from __future__ import annotations

from datetime import datetime

from userops.errors import Refused, StoreFailed
from userops.words import Words


class ModelFailed(StoreFailed):
    """No words came. Everything else works as before. `until`: when the service may be asked again."""

    code = "model_failed"
    until: datetime | None = None


def failed(code: str, zh: str, en: str) -> ModelFailed:
    return ModelFailed(Words(zh, en), code=code)


def is_off() -> Refused:
    return Refused(
        Words("语言模型没有启用。", "No language model is switched on."),
        code="model_off",
        hint=Words(
            "请管理员在“语言模型”页设置。", "An administrator sets one up on “Language model”."
        ),
    )


def budget_spent(budget: int) -> Refused:
    return Refused(
        Words(
            f"今天的 {budget} 次请求已用完，明天再试。",
            f"Today's {budget} requests are used up: try tomorrow.",
        ),
        code="model_budget_spent",
    )
