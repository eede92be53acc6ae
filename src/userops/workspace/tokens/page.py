"""One's own API tokens."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from userops.errors import UserOpsError
from userops.workspace import actions
from userops.workspace.access import member
from userops.workspace.forms import HouseForm, said
from userops.workspace.models import ApiToken, Scope

LASTING = (
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("1 year")),
    ("", gettext_lazy("Does not end")),
)


class TokenForm(HouseForm):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("What will use it, such as “nightly export”."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"),
        choices=Scope.choices,
        initial=[Scope.QUERY],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Lasts"),
        choices=LASTING,
        coerce=int,
        empty_value=None,
        required=False,
        initial="90",
    )


@login_required
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """The list and the form; a new token's secret stands in this one answer only."""
    user, secret = member(request), None
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = actions.create_token(**form.cleaned_data, acting_user=user)
            form = TokenForm()
        except UserOpsError as wrong:
            form.refuse(wrong)
    context = {
        "form": form,
        "secret": secret,
        "found": ApiToken.objects.filter(user=user, revoked=None).order_by("-created"),
        "base": request.build_absolute_uri("/"),
    }
    return render(request, "workspace/tokens/page.html", context)


@login_required
@require_POST
def revoke(request: HttpRequest, token: int) -> HttpResponse:
    user = member(request)
    row = get_object_or_404(ApiToken, pk=token, user=user)
    try:
        actions.revoke_token(row, acting_user=user)
        messages.success(request, _("“%s” is revoked.") % row.name)
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("workspace:tokens")
