"""Tickets as a table for CSV and Excel: contacts masked for roles that may not take them out of the house."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from userops.analyses.table import Column, Table
from userops.audience.segments.masking import masked
from userops.events.models import Product
from userops.feedback.inbox.filters import ORDERS, Filters
from userops.feedback.tickets.models import Ticket
from userops.words import Words
from userops.workspace.access import check, permissions_in
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

MOST = 50_000
"""Tickets of one file; the API answers any number, page by page."""
COLUMNS = (
    Column("number", Words("编号", "Number"), "whole"),
    Column("subject", Words("标题", "Subject")),
    Column("text", Words("内容", "Text")),
    Column("status", Words("状态", "Status")),
    Column("severity", Words("严重程度", "Severity")),
    Column("category", Words("分类", "Category")),
    Column("complaint", Words("投诉", "Complaint")),
    Column("sentiment", Words("情感", "Sentiment")),
    Column("channel", Words("渠道", "Channel")),
    Column("area", Words("产品模块或页面", "Area or page")),
    Column("app_version", Words("应用版本", "App version")),
    Column("owner", Words("处理人", "Owner")),
    Column("team", Words("团队", "Team")),
    Column("user", Words("用户 ID", "User id")),
    Column("email", Words("邮箱", "E-mail")),
    Column("phone", Words("电话", "Phone")),
    Column("opened", Words("提交时间", "Opened")),
    Column("answered", Words("首次回复", "First answer")),
    Column("solved", Words("解决时间", "Solved")),
    Column("closed", Words("关闭时间", "Closed")),
    Column("root_cause", Words("根因", "Root cause")),
    Column("solution", Words("解决方案", "Solution")),
    Column("prevention", Words("预防措施", "Prevention")),
)


def exported(filters: Filters, product: Product, format_: str, *, acting_user: User) -> Table:
    """The newest of what the filters find."""
    check(acting_user, product, Permission.HANDLE_TICKETS)
    whole = Permission.EXPORT_PEOPLE in permissions_in(acting_user, product)
    tickets = filters.tickets(product, acting_user).order_by(*ORDERS[filters.order])
    found = tickets.select_related("owner", "team", "category")[:MOST]
    zone = ZoneInfo(product.timezone)
    rows = [_row(each, zone, whole) for each in found.iterator(chunk_size=2_000)]
    note(
        acting_user,
        "ticket.exported",
        product=product,
        tickets=len(rows),
        format=format_,
        masked=not whole,
        filters=filters.query(),
    )
    return Table(COLUMNS, rows)


def _row(ticket: Ticket, zone: ZoneInfo, whole: bool) -> tuple[object, ...]:
    contacts = (ticket.distinct_id, ticket.email, ticket.phone)
    times = (ticket.opened, ticket.answered, ticket.solved, ticket.closed)
    return (
        ticket.number,
        ticket.subject,
        ticket.text,
        str(ticket.get_status_display()),
        str(ticket.get_severity_display()),
        ticket.category.path if ticket.category else "",
        Words("是", "yes") if ticket.complaint else "",
        str(ticket.get_sentiment_display()),
        str(ticket.get_channel_display()),
        ticket.area,
        ticket.app_version,
        str(ticket.owner or ""),
        str(ticket.team or ""),
        *(each if whole else masked(each) for each in contacts),
        *(f"{each.astimezone(zone):%Y-%m-%d %H:%M}" if each else "" for each in times),
        ticket.root_cause,
        ticket.solution,
        ticket.prevention,
    )
