from __future__ import annotations

import pytest

from userops.errors import Refused
from userops.events.models import Product, WriteKey
from userops.workspace.access import role_in
from userops.workspace.models import LogEntry, User
from userops.workspace.roles import Role
from userops.workspace.setup import create_workspace, ensure_product, local_admin

FIRST = {
    "email": "Li@Example.com ",
    "password": "correct horse battery",
    "product_slug": "shop",
    "product_name": "小店",
    "timezone": "Asia/Shanghai",
    "language": "zh-hans",
}


@pytest.mark.django_db
def test_the_first_admin_and_product_are_made_once():
    user, product = create_workspace(**FIRST)
    again, same = create_workspace(**{**FIRST, "password": "something else entirely"})
    assert (user, product) == (again, same)
    assert user.email == "li@example.com"
    assert role_in(user, product) is Role.ADMIN
    assert User.objects.get().check_password(FIRST["password"])
    assert WriteKey.objects.get().product == product
    assert LogEntry.objects.get().action == "workspace.created"


@pytest.mark.django_db
def test_a_second_admin_is_refused():
    create_workspace(**FIRST)
    with pytest.raises(Refused) as wrong:
        create_workspace(**{**FIRST, "email": "other@example.com"})
    assert wrong.value.code == "workspace_exists"
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"password": "12345678"}, "account_invalid"),
        ({"email": "nobody"}, "account_invalid"),
        ({"product_slug": "Not a slug"}, "product_invalid"),
        ({"timezone": "Mars/Olympus"}, "product_invalid"),
    ],
)
def test_wrong_values_leave_nothing(changed, code):
    with pytest.raises(Refused) as wrong:
        create_workspace(**{**FIRST, **changed})
    assert wrong.value.code == code
    assert wrong.value.words.zh != wrong.value.words.en
    assert not User.objects.exists()
    assert not Product.objects.exists()


@pytest.mark.django_db
def test_a_product_is_made_when_named_first():
    product, made = ensure_product("git", timezone="UTC")
    assert made and product.timezone == "UTC" and product.name == "git"
    assert ensure_product("git", timezone="Asia/Tokyo") == (product, False)


def test_the_machine_acts_for_itself_until_there_is_an_administrator(db):
    own = local_admin()
    assert local_admin() == own
    assert not own.has_usable_password()
    user, _ = create_workspace(**FIRST)
    assert local_admin() == user
    assert not User.objects.filter(email=own.email).exists()
