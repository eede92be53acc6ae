"""The standard texts, for products that have written none of their own."""

from __future__ import annotations

from dataclasses import dataclass

from userops.feedback.telling.models import Moment
from userops.words import Words

VARIABLES: dict[str, Words] = {
    "number": Words("工单编号", "number of the ticket"),
    "subject": Words("主题", "subject"),
    "name": Words("用户称呼", "name of the user"),
    "product": Words("产品名称", "name of the product"),
    "progress": Words("进展页链接", "address of the page of progress"),
    "link": Words("进展页链接（同 progress）", "the same as progress"),
    "solution": Words("解决说明", "what the solution was"),
}
OF_REQUIREMENTS: dict[str, Words] = {
    "requirement": Words("需求名称", "title of the requirement"),
    "version": Words("上线的版本", "version that it shipped in"),
    "in_version": Words(
        "（版本 …），没有填写版本时为空", "(version …), nothing where none is given"
    ),
}
"""Only where the requirement has shipped."""


@dataclass(frozen=True, slots=True)
class Text:
    subject: Words
    text: Words


STANDARD: dict[str, Text] = {
    Moment.RECEIVED: Text(
        Words("已收到你的反馈 #{number}", "We have your feedback #{number}"),
        Words(
            "你好：\n\n我们已收到你的反馈“{subject}”，编号 #{number}。处理进展和补充说明都在这里：\n{link}"
            "\n\n{product}",
            "Hello,\n\nwe have received your feedback “{subject}”, number #{number}. See how it goes on, or add "
            "something, here:\n{link}\n\n{product}",
        ),
    ),
    Moment.WAITING: Text(
        Words("需要你补充信息 #{number}", "We need something from you #{number}"),
        Words(
            "你好：\n\n为了继续处理“{subject}”，我们需要你补充一些信息。请在这里查看并回复：\n{link}\n\n{product}",
            "Hello,\n\nto go on with “{subject}” we need some more from you. Please read and answer here:\n{link}"
            "\n\n{product}",
        ),
    ),
    Moment.SOLVED: Text(
        Words("你的反馈 #{number} 已解决", "Your feedback #{number} is solved"),
        Words(
            "你好：\n\n“{subject}”已解决。{solution}\n\n如果问题仍在，请在进展页回复，我们会继续处理；也请告诉我们这次处理得怎么样：\n{link}\n\n"
            "{product}",
            "Hello,\n\n“{subject}” is solved. {solution}\n\nIf it is not, answer on your page and we go on. Please "
            "also tell us how we did:\n{link}\n\n{product}",
        ),
    ),
    Moment.CLOSED: Text(
        Words("你的反馈 #{number} 已关闭", "Your feedback #{number} is closed"),
        Words(
            "你好：\n\n“{subject}”已关闭。{solution}\n\n如需继续，请在进展页回复；也请告诉我们这次处理得怎么样：\n{link}\n\n{product}",
            "Hello,\n\n“{subject}” is closed. {solution}\n\nTo go on, answer on your page. Please also tell us how "
            "we did:\n{link}\n\n{product}",
        ),
    ),
    Moment.REOPENED: Text(
        Words("你的反馈 #{number} 已重新处理", "Your feedback #{number} is taken up again"),
        Words(
            "你好：\n\n我们重新开始处理“{subject}”。进展：\n{link}\n\n{product}",
            "Hello,\n\nwe have taken up “{subject}” again. See how it goes on:\n{link}\n\n{product}",
        ),
    ),
    Moment.SHIPPED: Text(
        Words("你提的需求已上线：{requirement}", "What you asked for is here: {requirement}"),
        Words(
            "你好：\n\n你在“{subject}”中提到的“{requirement}”已经上线{in_version}，感谢你的建议。\n\n"
            "还有问题或想法，请在进展页告诉我们；不想再收到这类消息，也可以在那里关闭：\n{link}\n\n{product}",
            "Hello,\n\n“{requirement}”, which you asked for in “{subject}”, is here{in_version}. Thank you for "
            "telling us.\n\nAnything left? Write on your page. There you can also say that you want no more news "
            "of this kind:\n{link}\n\n{product}",
        ),
    ),
}
