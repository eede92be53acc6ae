"""What a new survey begins as: the standard questions in their standard wordings, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from userops.experience.surveys.questions import KINDS
from userops.experience.surveys.wording import CES, CSAT, NPS, THANKS, WHY, both
from userops.words import Words


def question(kind: str, key: str, name: str = "") -> dict[str, Any]:
    """A new question of a kind, ready to be asked."""
    made: dict[str, Any] = {"kind": kind, "key": key, "title": both(_TITLES[kind], name)}
    if "points" in KINDS[kind].model_fields:
        made["points"] = KINDS[kind].model_fields["points"].default
    if kind in ("single", "multiple"):
        made["options"] = [_option(number) for number in (1, 2)]
    if kind == "matrix":
        made["rows"] = [_option(number) for number in (1, 2)]
    return made


_TITLES: dict[str, Words] = {
    "nps": NPS,
    "csat": CSAT,
    "ces": CES,
    "rating": Words("您如何评价{name}？", "How do you rate {name}?"),
    "single": Words("请选择一项", "Please choose one"),
    "multiple": Words("请选择（可多选）", "Please choose all that apply"),
    "matrix": Words("请为以下各项评分", "Please rate each of these"),
    "text": WHY,
}


def _option(number: int) -> dict[str, Any]:
    text = Words(f"选项 {number}", f"Option {number}")
    return {"key": f"o{number}", "text": both(text)}


def _document(*questions: dict[str, Any]) -> dict[str, Any]:
    return {
        "languages": ["zh-hans", "en"],
        "questions": list(questions),
        "thanks": both(THANKS),
    }


def _nps(name: str) -> dict[str, Any]:
    return _document(question("nps", "nps", name), question("text", "why"))


def _csat(name: str) -> dict[str, Any]:
    return _document(question("csat", "csat", name), question("text", "why"))


def _ces(name: str) -> dict[str, Any]:
    return _document(question("ces", "ces", name), question("text", "why"))


def _aspects(name: str) -> dict[str, Any]:
    matrix = question("matrix", "aspects", name)
    aspects = (
        ("ease", Words("易用", "Easy to use")),
        ("speed", Words("速度", "Speed")),
        ("quality", Words("质量", "Quality")),
        ("service", Words("客服", "Customer service")),
        ("price", Words("价格", "Price")),
    )
    matrix["rows"] = [{"key": key, "text": both(words)} for key, words in aspects]
    return _document(question("csat", "csat", name), matrix, question("text", "why"))


TEMPLATES: dict[str, tuple[Words, Words, Callable[[str], dict[str, Any]]]] = {
    "nps": (
        Words("NPS", "NPS"),
        Words("推荐意愿 0–10，加一道追问", "Recommendation, 0 to 10, and why"),
        _nps,
    ),
    "csat": (
        Words("满意度（CSAT）", "Satisfaction (CSAT)"),
        Words("满意度 1–5，加一道追问", "Satisfaction, 1 to 5, and why"),
        _csat,
    ),
    "ces": (
        Words("费力度（CES）", "Effort (CES)"),
        Words("是否轻松解决了问题，1–7，加一道追问", "Was it easy, 1 to 7, and why"),
        _ces,
    ),
    "aspects": (
        Words("满意度与驱动因素", "Satisfaction and its drivers"),
        Words(
            "总体满意度和各方面评分：可以做驱动分析和象限图",
            "Overall and by aspect: for driver analysis and the quadrant",
        ),
        _aspects,
    ),
}
"""Name → title, what it is for, and its document about a product."""
