"""A caller with a token, in process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def make_client(make_user: Callable[..., Any]) -> Callable[..., Client]:
    """`make_client(role, product=None, scopes=(…)) -> Client` that sends a token of such a member."""
    from userops.workspace import actions
    from userops.workspace.models import Scope

    def make(role: str | None, product: Any = None, *, scopes: Any = tuple(Scope)) -> Client:
        user = make_user(role, product)
        secret = actions.create_token(name="t", scopes=scopes, days=1, acting_user=user)[1]
        return Client(headers={"Authorization": f"Bearer {secret}"})

    return make
