"""The standard wordings of standard questions, in both languages, and the labels of their scales."""

from __future__ import annotations

from userops.words import Words

NPS = Words(
    "您有多大可能把{name}推荐给朋友或同事？",
    "How likely are you to recommend {name} to a friend or colleague?",
)
"""Reichheld (2003). The scale is always 0 to 10: on any other, promoters are others."""
NPS_ENDS = (Words("完全不可能", "Not at all likely"), Words("极有可能", "Extremely likely"))
CSAT = Words("总体而言，您对{name}有多满意？", "Overall, how satisfied are you with {name}?")
CSAT_ENDS = (Words("非常不满意", "Very dissatisfied"), Words("非常满意", "Very satisfied"))
CES = Words("{name}让我轻松地解决了问题。", "{name} made it easy for me to handle my issue.")
"""CES 2.0 (2013): agreement, so that more is easier. It is never turned round silently."""
CES_ENDS = (Words("非常不同意", "Strongly disagree"), Words("非常同意", "Strongly agree"))
RATING_ENDS = (Words("很差", "Very poor"), Words("很好", "Very good"))
WHY = Words("您给出这个分数的主要原因是什么？", "What is the main reason for your score?")
OTHER = Words("其他", "Other")
THANKS = Words("感谢您的回答。", "Thank you for your answers.")
WAYS: dict[str, Words] = {
    "link": Words("链接", "Link"),
    "mail": Words("邮件", "E-mail"),
    "in_app": Words("应用内", "In the app"),
    "import": Words("导入", "Import"),
}
"""How answers come."""

ENDS = {"nps": NPS_ENDS, "csat": CSAT_ENDS, "ces": CES_ENDS, "rating": RATING_ENDS}


def both(words: Words, name: str = "") -> dict[str, str]:
    """A wording by language, about `name`; a Latin name has a space beside Chinese."""
    spaced = f" {name} " if name and name.isascii() else name
    zh = words.zh.format(name=spaced) if "{name}" in words.zh else words.zh
    return {"zh-hans": zh.strip(), "en": words.en.format(name=name)}
