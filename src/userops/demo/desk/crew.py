"""The people who work at the desk of the demo company, and the teams that they belong to."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from userops.demo.desk.words import MONEY, SUPPORT, TEAMS, TECH
from userops.events.models import Product
from userops.feedback.sorting import actions as sorting
from userops.feedback.sorting.models import Team
from userops.words import Words
from userops.workspace.actions.members import accept_invitation, invite
from userops.workspace.models import User
from userops.workspace.roles import Role

Crew = Mapping[str, Sequence[User]]
"""Who answers the tickets of each team."""


@dataclass(frozen=True, slots=True)
class Colleague:
    email: str
    name: Words
    role: Role
    team: str


COLLEAGUES = (
    Colleague("linyue@example.com", Words("林悦", "Lin Yue"), Role.OPERATOR, SUPPORT),
    Colleague("zhouyang@example.com", Words("周扬", "Zhou Yang"), Role.OPERATOR, SUPPORT),
    Colleague("hezhen@example.com", Words("何震", "He Zhen"), Role.PARTNER, TECH),
    Colleague("tangmin@example.com", Words("唐敏", "Tang Min"), Role.PARTNER, MONEY),
)


def hire(product: Product, owner: User, language: str) -> Crew:
    """The colleagues with their teams; the administrator helps out in support. Nobody knows their passwords."""
    crew: dict[str, list[User]] = {team: [] for team in TEAMS}
    for each in COLLEAGUES:
        user = User.objects.filter(email=each.email).first()
        if user is None:
            invitation = invite(
                email=each.email, role=each.role, product=product, acting_user=owner
            )
            user = accept_invitation(
                invitation,
                name=each.name.text(language),
                password=secrets.token_urlsafe(18),
                acting_user=None,
            )
        crew[each.team].append(user)
    crew[SUPPORT].append(owner)
    for team, words in TEAMS.items():
        name, members = words.text(language), [user.pk for user in crew[team]]
        if not Team.objects.filter(product=product, name=name).exists():
            sorting.create_team(product, name=name, members=members, acting_user=owner)
    return crew
