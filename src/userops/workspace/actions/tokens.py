"""Tokens that act for a person through the API. The secret is shown once; only its hash is kept."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction

from userops.errors import NotFound, Refused
from userops.words import Words
from userops.workspace.log import note
from userops.workspace.models import ApiToken, Scope, User
from userops.workspace.naming import name_of

START = "uo_"
MAX_DAYS = 3650
MAX_TOKENS = 100


@transaction.atomic
def create_token(
    *, name: str, scopes: Sequence[str], days: int | None, acting_user: User
) -> tuple[ApiToken, str]:
    """A token of `acting_user`'s own, and its secret. `days` until it ends; None: it does not."""
    name = name_of(name, 100)
    _check_scopes(scopes)
    if days is not None and not 1 <= days <= MAX_DAYS:
        raise Refused(
            Words(f"有效期应为 1–{MAX_DAYS} 天。", f"A token lasts 1 to {MAX_DAYS} days."),
            code="days_invalid",
        )
    if ApiToken.objects.filter(user=acting_user, revoked=None).count() >= MAX_TOKENS:
        raise Refused(
            Words(f"每人最多 {MAX_TOKENS} 个令牌。", f"A person has at most {MAX_TOKENS} tokens."),
            code="too_many_tokens",
        )
    secret = START + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=acting_user,
        name=name,
        start=secret[:9],
        digest=ApiToken.digest_of(secret),
        scopes=sorted(set(scopes)),
        expires=datetime.now(UTC) + timedelta(days=days) if days else None,
    )
    note(acting_user, "token.created", target=name, scopes=token.scopes)
    return token, secret


def _check_scopes(scopes: Sequence[str]) -> None:
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown or not scopes:
        known = ", ".join(Scope.values)
        raise Refused(
            Words(
                f"权限范围应从以下选取一项或多项：{known}。",
                f"Choose one or more scopes of {known}.",
            ),
            code="scope_unknown",
        )


@transaction.atomic
def revoke_token(token: ApiToken, *, acting_user: User) -> None:
    """End one of one's own tokens at once."""
    if token.user != acting_user or token.revoked is not None:
        raise NotFound(Words("没有这个令牌。", "There is no such token."), code="token_not_found")
    token.revoked = datetime.now(UTC)
    token.save(update_fields=["revoked"])
    note(acting_user, "token.revoked", target=token.name)
