from __future__ import annotations

import re

import pytest
from django.urls import reverse

from userops.events.models import Product
from userops.workspace.models import ApiToken, Invitation, Membership, User


@pytest.fixture
def admin(make_user):
    return make_user("admin")


@pytest.fixture
def page(client, admin):
    client.force_login(admin)
    return client


def test_inviting_and_joining(page, client, admin, product):
    answer = page.post(
        reverse("workspace:members"),
        {"email": "new@example.com", "role": "lead", "where": product.slug},
        follow=True,
    )
    link = re.search(r"http://testserver(/join/[\w-]+)", answer.content.decode()).group(1)
    client.logout()
    assert client.get(link).status_code == 200
    weak = client.post(link, {"name": "New", "password": "12345678"})
    assert weak.status_code == 200 and not User.objects.filter(email="new@example.com").exists()
    joined = client.post(link, {"name": "New", "password": "correct horse battery"})
    assert joined.url == "/"
    user = User.objects.get(email="new@example.com")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get(link).status_code == 404
    assert client.get("/").url.startswith(f"/p/{product.slug}/")


def test_errors_stand_beside_the_form(page):
    page.post(reverse("workspace:members"), {"email": "x@y", "role": "lead", "where": "*"})
    assert not Invitation.objects.exists()
    answer = page.post(reverse("workspace:products"), {"slug": "A B", "name": "x"})
    assert answer.status_code == 200 and not Product.objects.filter(name="x").exists()


def test_roles_and_leaving_by_the_page(page, product, make_user):
    member = Membership.objects.get(user=make_user("operator", product))
    page.post(reverse("workspace:role", args=[member.pk]), {"role": "lead"})
    member.refresh_from_db()
    assert member.role == "lead"
    page.post(reverse("workspace:remove", args=[member.pk]))
    assert not Membership.objects.filter(pk=member.pk).exists()


def test_products_are_made_and_changed(page, admin):
    made = {"slug": "app", "name": "App", "timezone": "UTC", "currency": "CNY"}
    page.post(reverse("workspace:products"), made)
    page.post(reverse("workspace:product", args=["app"]), {**made, "name": "新名"})
    assert Product.objects.get(slug="app").name == "新名"
    assert "App → 新名" in page.get(reverse("workspace:log")).content.decode()


def test_a_token_is_shown_once(page):
    made = page.post(reverse("workspace:tokens"), {"name": "t", "scopes": ["query"], "days": "30"})
    secret = re.search(r"uo_[\w-]{40,}", made.content.decode()).group()
    assert "no-store" in made["Cache-Control"]
    assert secret not in page.get(reverse("workspace:tokens")).content.decode()
    token = ApiToken.objects.get()
    assert token.expires is not None
    page.post(reverse("workspace:revoke", args=[token.pk]))
    token.refresh_from_db()
    assert token.revoked is not None


def test_home_without_products_says_what_to_do(client, admin, make_user):
    for user in (admin, make_user()):
        client.force_login(user)
        assert b'class="empty"' in client.get("/").content


def test_account(page, admin):
    page.post(reverse("workspace:account"), {"name": "李", "language": "en", "theme": "dark"})
    admin.refresh_from_db()
    assert (admin.name, admin.language, admin.theme) == ("李", "en", "dark")


def test_a_product_admin_sees_only_their_product(client, product, make_product, make_user):
    other = make_product()
    make_user("lead", other, email="hidden@example.com")
    client.force_login(make_user("admin", product))
    assert "hidden@example.com" not in client.get(reverse("workspace:members")).content.decode()
    assert client.get(reverse("workspace:product", args=[product.slug])).status_code == 200
    assert client.get(reverse("workspace:product", args=[other.slug])).status_code == 404
