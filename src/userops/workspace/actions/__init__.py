"""All changes to a workspace: permission check, validation, the change, its log entry. One way for
pages, API and CLI. Every action takes `acting_user` and raises `NotAllowed`, `NotFound` or `Refused`."""

from __future__ import annotations

from userops.workspace.actions.members import (
    accept_invitation,
    change_role,
    invite,
    open_invitation,
    remove_member,
    withdraw_invitation,
)
from userops.workspace.actions.preferences import set_preferences
from userops.workspace.actions.products import (
    change_product,
    create_product,
    create_write_key,
    revoke_write_key,
)
from userops.workspace.actions.tokens import create_token, revoke_token

__all__ = [
    "accept_invitation",
    "change_product",
    "change_role",
    "create_product",
    "create_token",
    "create_write_key",
    "invite",
    "open_invitation",
    "remove_member",
    "revoke_token",
    "revoke_write_key",
    "set_preferences",
    "withdraw_invitation",
]
