"""How people get an account: only by invitation, or as the first admin."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Closes the public sign-up; `workspace.actions.accept_invitation` makes accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
