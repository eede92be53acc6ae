"""One requirement: who asked, how far it is, and telling those who asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.events.models import Product
from userops.events.store import current
from userops.feedback.requirements import actions
from userops.feedback.requirements.asking import Askers
from userops.feedback.requirements.models import Requirement, Status
from userops.feedback.requirements.narrating import narrated
from userops.feedback.requirements.pages.keeping import find
from userops.feedback.requirements.ranking import FORMULA, ranked
from userops.feedback.requirements.reading import preview, sent_counts
from userops.feedback.telling.models import Told
from userops.feedback.telling.standard import OF_REQUIREMENTS, VARIABLES
from userops.feedback.telling.wording.page import LANGUAGE_NAMES
from userops.feedback.tickets.reading import numbered
from userops.workspace.access import member, permissions_in, product_page
from userops.workspace.acting import carried_out
from userops.workspace.roles import Permission

PAGE = 50


@product_page(Permission.VIEW)
def one(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    requirement = find(product, number)
    shipped = requirement.status == Status.SHIPPED
    context = {
        "requirement": requirement, "each": ranked(current(), product, [requirement])[0],
        "statuses": Status.choices, "formula": FORMULA, "history": narrated(requirement),
        "going": requirement.announcements.filter(finished=None).first(),
        "preview": preview(requirement) if shipped else None,
        "sent": [(Told.State(state).label, state, n) for state, n in sent_counts(requirement)],
        **_users(request, requirement),
    }  # fmt: skip
    return render(request, "feedback/requirements/pages/one.html", context)


def _users(request: HttpRequest, requirement: Requirement) -> dict[str, Any]:
    """Tickets only for those who handle them."""
    if Permission.HANDLE_TICKETS not in permissions_in(member(request), requirement.product):
        return {"page": None}
    askers = Askers(requirement.product).of(requirement)
    return {"page": Paginator(askers, PAGE).get_page(request.GET.get("page"))}


@require_POST
@product_page(Permission.HANDLE_TICKETS)
def change(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    """`do`: status, link, unlink, again. What each needs is checked by its action."""
    requirement = find(product, number)
    if (do := _DOES.get(request.POST.get("do", ""))) is not None:
        carried_out(request, lambda: do(request, requirement), _("Saved."))
    if request.POST.get("status") == Status.SHIPPED and preview(requirement).waiting:
        return redirect("requirements:tell", product.slug, number)
    return redirect("requirements:one", product.slug, number)


def _status(request: HttpRequest, requirement: Requirement) -> None:
    post = request.POST
    actions.set_status(
        requirement,
        post.get("status", ""),
        version=post.get("version", ""),
        acting_user=member(request),
    )


def _link(request: HttpRequest, requirement: Requirement) -> None:
    ticket = numbered(requirement.product, request.POST.get("ticket", ""))
    actions.link_tickets(requirement, [ticket.number], acting_user=member(request))


def _unlink(request: HttpRequest, requirement: Requirement) -> None:
    ticket = numbered(requirement.product, request.POST.get("ticket", ""))
    actions.unlink_ticket(requirement, ticket.number, acting_user=member(request))


def _again(request: HttpRequest, requirement: Requirement) -> None:
    actions.send_again(requirement, acting_user=member(request))


_DOES: dict[str, Callable[[HttpRequest, Requirement], None]] = {
    "status": _status, "link": _link, "unlink": _unlink, "again": _again,
}  # fmt: skip


@product_page(Permission.RUN_SURVEYS)
def tell(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    """How many are told by which way, in which words; the words may be changed before they leave."""
    requirement = find(product, number)
    found = preview(requirement)
    texts = found.texts
    if request.method == "POST":
        texts = {
            language: {
                **each,
                **{
                    part: request.POST.get(f"{part}-{language}", "") for part in ("subject", "text")
                },
            }
            for language, each in texts.items()
        }
        if carried_out(request, lambda: actions.announce(requirement, texts, acting_user=member(request)),
                       _("They are being told.")):  # fmt: skip
            return redirect("requirements:one", product.slug, number)
    context = {
        "requirement": requirement, "preview": found,
        "texts": [(language, LANGUAGE_NAMES[language], each) for language, each in texts.items()],
        "variables": (VARIABLES | OF_REQUIREMENTS).items(),
    }  # fmt: skip
    return render(request, "feedback/requirements/pages/tell.html", context)


@require_POST
@product_page(Permission.HANDLE_TICKETS)
def of_ticket(request: HttpRequest, product: Product, ticket: int) -> HttpResponse:
    """A button of the ticket's card. `do`: link, unlink, tell."""
    given = request.POST.get("requirement", "")
    requirement = find(product, int(given) if given.isdecimal() and len(given) < 10 else 0)
    row, user, do = numbered(product, ticket), member(request), request.POST.get("do", "")
    acts: dict[str, Callable[[], object]] = {
        "link": lambda: actions.link_tickets(requirement, [row.number], acting_user=user),
        "unlink": lambda: actions.unlink_ticket(requirement, row.number, acting_user=user),
        "tell": lambda: actions.announce(requirement, ticket=row, acting_user=user),
    }
    if do in acts:
        carried_out(request, acts[do], _("They are being told.") if do == "tell" else "")
    return redirect("tickets:one", product.slug, row.number)
