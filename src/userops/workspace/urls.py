from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from userops.workspace.audit.page import log
from userops.workspace.home.page import account, home
from userops.workspace.members.page import change_role, join, members, remove, withdraw
from userops.workspace.products.page import product, products
from userops.workspace.tokens.page import revoke, tokens

app_name = "workspace"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("account", account, name="account"),
    path("join/<str:secret>", join, name="join"),
    path("members", members, name="members"),
    path("members/<int:membership>/role", change_role, name="role"),
    path("members/<int:membership>/remove", remove, name="remove"),
    path("invitations/<int:invitation>/withdraw", withdraw, name="withdraw"),
    path("products", products, name="products"),
    path("products/<slug:slug>", product, name="product"),
    path("tokens", tokens, name="tokens"),
    path("tokens/<int:token>/revoke", revoke, name="revoke"),
    path("log", log, name="log"),
]
