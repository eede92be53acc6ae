"""Who asked for a requirement, by which way each can be told, and why one is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from userops.events.identity import Forest
from userops.events.models import Product
from userops.feedback.channels.models import Channel
from userops.feedback.channels.robots.kinds import PLATFORMS
from userops.feedback.requirements.linking import linked_numbers, rows_of
from userops.feedback.requirements.models import Answer, Requirement
from userops.feedback.telling.following import language_of, template
from userops.feedback.telling.models import Moment
from userops.feedback.telling.news import refused_keys
from userops.feedback.tickets.models import Ticket
from userops.feedback.tickets.users import Key, grouped, keys_of
from userops.notices.telling import mail_is_set_up
from userops.words import Words

State = Literal["waiting", "told", "opted_out", "no_mail_server", "off"]
WAY_WORDS = {
    "mail": Words("邮件", "E-mail"), "wecom": Words("企业微信", "WeCom"),
    "dingtalk": Words("钉钉", "DingTalk"), "feishu": Words("飞书", "Feishu"),
    "page": Words("仅进展页（没有可用的联系方式）", "Page of progress only (no way to reach them)"),
}  # fmt: skip
NOT_TOLD = {
    "opted_out": Words("用户不想收到此类消息", "The user wants no such news"),
    "no_mail_server": Words("尚未设置发信服务器（mail_url）", "No mail server is set (mail_url)"),
    "off": Words("这种语言的通知文案已停用", "The text of this language is switched off"),
}


@dataclass(frozen=True, slots=True)
class Asker:
    """One user. `ticket`: the one by which he is told, that he was told by, or his newest. `way`: how."""

    tickets: tuple[Ticket, ...]
    ticket: Ticket
    state: State
    way: str
    person: int | None

    @property
    def language(self) -> str:
        return language_of(self.ticket)


class Askers:
    """The users behind tickets of a product: what is known of all of them is read once."""

    def __init__(self, product: Product):
        self._product = product
        self.forest = Forest(product.pk)
        rows = Channel.objects.filter(product=product, kind__in=PLATFORMS, active=True)
        self._robots = set(rows.values_list("kind", "key"))
        self._mail = mail_is_set_up()
        self._refused = refused_keys(product, self.forest)
        self._texts: dict[str, bool] = {}

    def of(self, requirement: Requirement) -> list[Asker]:
        """All who asked for it, who asked last first."""
        answered = set(
            Answer.objects.filter(requirement=requirement).values_list("ticket", flat=True)
        )
        rows = rows_of(self._product, linked_numbers(requirement))
        return self.among(rows, answered)

    def among(self, rows: list[Ticket], answered: set[int]) -> list[Asker]:
        """`answered`: keys of tickets whose users were told."""
        self.forest.load([each.person for each in rows if each.person is not None])
        return [self._asker(each, answered) for each in grouped(rows, self.forest.root)]

    def _asker(self, tickets: list[Ticket], answered: set[int]) -> Asker:
        keys: set[Key] = {key for each in tickets for key in keys_of(each, self.forest.root)}
        person = next((int(value) for kind, value in keys if kind == "person"), None)
        ways = [(self._way(each), each) for each in tickets]
        reached = [(way, each) for way, each in ways if way != "page"]
        way, ticket = (reached or ways)[0]
        state: State = "waiting"
        by = next((each for each in tickets if each.pk in answered), None)
        if by is not None:
            state, ticket, way = "told", by, self._way(by)
        elif not keys.isdisjoint(self._refused):
            state = "opted_out"
        elif way == "page" and any(each.email for each in tickets):
            state = "no_mail_server"
        elif not self._worded(language_of(ticket)):
            state = "off"
        return Asker(tuple(tickets), ticket, state, way, person)

    def _way(self, ticket: Ticket) -> str:
        if (ticket.channel, ticket.channel_key) in self._robots:
            return ticket.channel
        return "mail" if ticket.email and self._mail else "page"

    def _worded(self, language: str) -> bool:
        if language not in self._texts:
            found = template(self._product.pk, Moment.SHIPPED, language)
            self._texts[language] = found is not None
        return self._texts[language]
