"""Members: who works here with which role; invitations; joining by a link."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.errors import NotFound, UserOpsError
from userops.events.models import Product
from userops.workspace import actions
from userops.workspace.access import administers, member, workspace_page
from userops.workspace.forms import said
from userops.workspace.members.forms import InviteForm, JoinForm
from userops.workspace.models import Invitation, Membership, User
from userops.workspace.roles import Role

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@workspace_page
def members(request: HttpRequest) -> HttpResponse:
    """The list, and the form to invite somebody."""
    user = member(request)
    administered = administers(user)
    form = InviteForm(request.POST or None, administered=administered)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            invitation = actions.invite(
                email=fields["email"], role=fields["role"], product=form.product(), acting_user=user
            )
        except UserOpsError as wrong:
            form.refuse(wrong, "email")
        else:
            messages.success(request, _("Send the link below to %s.") % invitation.email)
            return redirect("workspace:members")
    return render(request, "workspace/members/page.html", _context(request, administered, form))


def _context(
    request: HttpRequest, administered: list[Product | None], form: InviteForm
) -> dict[str, Any]:
    shown = Q() if None in administered else Q(product__in=administered)
    rows = Invitation.objects.filter(shown, accepted=None).select_related("product")
    invitations = [
        (each, request.build_absolute_uri(reverse("workspace:join", args=[each.secret])))
        for each in rows.order_by("-created")
    ]
    memberships = Membership.objects.filter(shown).select_related("user", "product")
    return {
        "memberships": memberships.order_by("user__email", "product__name"),
        "invitations": invitations,
        "roles": Role.choices,
        "form": form,
        "days": actions.members.INVITATION_DAYS,
    }


@workspace_page
@require_POST
def change_role(request: HttpRequest, membership: int) -> HttpResponse:
    row = get_object_or_404(Membership, pk=membership)
    try:
        actions.change_role(row, role=request.POST.get("role", ""), acting_user=member(request))
        messages.success(request, _("The role is changed."))
    except NotFound:
        raise Http404 from None
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("workspace:members")


@workspace_page
@require_POST
def remove(request: HttpRequest, membership: int) -> HttpResponse:
    row = get_object_or_404(Membership, pk=membership)
    try:
        actions.remove_member(row, acting_user=member(request))
        messages.success(request, _("%s has no access any more.") % row.user.email)
    except NotFound:
        raise Http404 from None
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("workspace:members")


@workspace_page
@require_POST
def withdraw(request: HttpRequest, invitation: int) -> HttpResponse:
    row = get_object_or_404(Invitation, pk=invitation, accepted=None)
    try:
        actions.withdraw_invitation(row, acting_user=member(request))
        messages.success(request, _("The invitation is withdrawn."))
    except NotFound:
        raise Http404 from None
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("workspace:members")


def join(request: HttpRequest, secret: str) -> HttpResponse:
    """What an invitation's link opens: choose a password, or accept with the account one has."""
    try:
        invitation = actions.open_invitation(secret)
    except NotFound as wrong:
        return render(request, "workspace/members/join.html", {"wrong": said(wrong)}, status=404)
    has_account = User.objects.filter(email=invitation.email, is_active=True).exists()
    form = None if has_account else JoinForm(request.POST or None)
    if request.method == "POST" and (form is None or form.is_valid()):
        fields = form.cleaned_data if form else {}
        current = member(request) if request.user.is_authenticated else None
        try:
            user = actions.accept_invitation(invitation, acting_user=current, **fields)
        except UserOpsError as wrong:
            if form is None:
                messages.error(request, said(wrong))
            else:
                form.refuse(wrong, "password")
        else:
            login(request, user, backend=BACKEND)
            return redirect("workspace:home")
    context = {"invitation": invitation, "form": form, "has_account": has_account}
    return render(request, "workspace/members/join.html", context)
