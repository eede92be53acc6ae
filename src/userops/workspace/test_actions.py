from __future__ import annotations

import pytest

from userops.errors import NotAllowed, NotFound, Refused
from userops.workspace import actions
from userops.workspace.access import role_in
from userops.workspace.models import ApiToken, LogEntry, Membership, User
from userops.workspace.roles import Role

PASSWORD = "correct horse battery"


@pytest.fixture
def admin(make_user):
    return make_user("admin")


def logged() -> list[str]:
    return list(LogEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_person_is_invited_joins_changes_role_and_leaves(admin, product):
    invitation = actions.invite(
        email="Wang@Example.com", role="analyst", product=product, acting_user=admin
    )
    found = actions.open_invitation(invitation.secret)
    user = actions.accept_invitation(found, name="王", password=PASSWORD, acting_user=None)
    assert role_in(user, product) is Role.ANALYST
    with pytest.raises(NotFound):
        actions.open_invitation(invitation.secret)
    membership = Membership.objects.get(user=user)
    actions.change_role(membership, role="lead", acting_user=admin)
    assert role_in(user, product) is Role.LEAD
    token, _secret = actions.create_token(name="t", scopes=["query"], days=1, acting_user=user)
    actions.remove_member(membership, acting_user=admin)
    user.refresh_from_db()
    assert not user.is_active and role_in(user, product) is None
    assert ApiToken.objects.get(pk=token.pk).revoked is not None
    assert logged() == [
        "member.invited",
        "member.joined",
        "member.role_changed",
        "token.created",
        "member.removed",
    ]


def test_who_comes_back_chooses_a_new_password(admin, product, make_user):
    user = make_user("analyst", product, email="wang@example.com")
    actions.remove_member(Membership.objects.get(user=user), acting_user=admin)
    invitation = actions.invite(email=user.email, role="operator", product=None, acting_user=admin)
    again = actions.accept_invitation(invitation, name="王", password=PASSWORD, acting_user=None)
    assert again == user and again.is_active and again.check_password(PASSWORD)


def test_an_invitation_does_not_open_somebody_elses_account(admin, product, make_user):
    user = make_user("analyst", product)
    invitation = actions.invite(email=user.email, role="lead", product=None, acting_user=admin)
    for other in (None, make_user("operator", product)):
        with pytest.raises(Refused) as wrong:
            actions.accept_invitation(invitation, password=PASSWORD, acting_user=other)
        assert wrong.value.code == "log_in_first"
    actions.accept_invitation(invitation, acting_user=user)
    assert role_in(user, None) is Role.LEAD


def test_the_last_admin_stays(admin):
    membership = Membership.objects.get(user=admin)
    for change in (
        lambda: actions.change_role(membership, role="lead", acting_user=admin),
        lambda: actions.remove_member(membership, acting_user=admin),
    ):
        with pytest.raises(Refused) as wrong:
            change()
        assert wrong.value.code == "last_admin"
    assert role_in(User.objects.get(pk=admin.pk), None) is Role.ADMIN


def test_a_product_admin_manages_their_product_only(product, make_product, make_user):
    other, user = make_product(), make_user("admin", product)
    actions.change_product(product, name="新名", acting_user=user)
    with pytest.raises(NotFound):
        actions.change_product(other, name="x", acting_user=user)
    with pytest.raises(NotFound):
        actions.invite(email="a@example.com", role="lead", product=other, acting_user=user)
    with pytest.raises(NotAllowed):
        actions.invite(email="a@example.com", role="lead", product=None, acting_user=user)
    with pytest.raises(NotAllowed):
        actions.create_product(slug="more", name="More", acting_user=user)


@pytest.mark.parametrize("role", [role for role in Role.values if role != "admin"])
def test_others_manage_nothing(role, product, make_user):
    user = make_user(role, product)
    membership = Membership.objects.get(user=user)
    for change in (
        lambda: actions.change_product(product, name="x", acting_user=user),
        lambda: actions.invite(
            email="a@example.com", role="lead", product=product, acting_user=user
        ),
        lambda: actions.change_role(membership, role="admin", acting_user=user),
        lambda: actions.create_product(slug="more", name="More", acting_user=user),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_products_keys_and_wrong_values(admin):
    product = actions.create_product(slug="app", name="App", currency="usd", acting_user=admin)
    assert product.currency == "USD"
    key = actions.create_write_key(product, name="web", acting_user=admin)
    actions.revoke_write_key(key, acting_user=admin)
    assert key.revoked is not None
    with pytest.raises(NotFound):
        actions.revoke_write_key(key, acting_user=admin)
    for wrong in ({"timezone": "Mars"}, {"currency": "??"}, {"name": ""}):
        with pytest.raises(Refused):
            actions.change_product(product, **wrong, acting_user=admin)
    with pytest.raises(Refused):
        actions.create_product(slug="app", name="again", acting_user=admin)
    with pytest.raises(Refused):
        actions.create_write_key(product, name=" ", acting_user=admin)


def test_a_tokens_secret_is_not_kept(admin, make_user):
    token, secret = actions.create_token(
        name="t", scopes=["query", "query"], days=None, acting_user=admin
    )
    assert secret.startswith("uo_") and token.digest == ApiToken.digest_of(secret)
    assert secret not in str(ApiToken.objects.values().get()) + str(LogEntry.objects.values())
    assert token.scopes == ["query"]
    with pytest.raises(NotFound):
        actions.revoke_token(token, acting_user=make_user("admin"))
    actions.revoke_token(token, acting_user=admin)
    for scopes, days in ([], 1), (["root"], 1), (["query"], 0):
        with pytest.raises(Refused):
            actions.create_token(name="t", scopes=scopes, days=days, acting_user=admin)


def test_preferences(admin):
    actions.set_preferences(name=" 李 ", language="en", theme="dark", acting_user=admin)
    assert (admin.name, admin.language, admin.theme) == ("李", "en", "dark")
    with pytest.raises(Refused):
        actions.set_preferences(language="fr", acting_user=admin)
