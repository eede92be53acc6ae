"""People who work here: users of the workbench, their roles in products, and their API tokens."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from userops.events.models import Product
from userops.workspace.roles import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """Someone who logs in to the workbench. An end user of a product never is one."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    language = models.CharField(max_length=10, blank=True)
    theme = models.CharField(max_length=5, blank=True)
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email

    # allauth asks; there is no Django admin here
    is_staff = False
    is_superuser = False


class Membership(models.Model):
    """A role in one product, or in all products when `product` is empty."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=12, choices=Role.choices)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "product"], name="one_role_per_product"),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(product=None), name="one_role_everywhere"
            ),
        ]


class Invitation(models.Model):
    """A link that lets one person join with a role."""

    email = models.EmailField()
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.CASCADE)
    role = models.CharField(max_length=12, choices=Role.choices)
    secret = models.CharField(max_length=64, unique=True, default=secrets.token_urlsafe)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    created = models.DateTimeField(auto_now_add=True)
    accepted = models.DateTimeField(null=True, blank=True)


class Scope(models.TextChoices):
    """What a token may do, at most; its owner's role limits it further."""

    QUERY = "query", _("ask analyses")
    PEOPLE = "people", _("see single users")
    FEEDBACK = "feedback", _("handle feedback and surveys")
    IMPORT = "import", _("import files")
    MANAGE = "manage", _("manage products, keys and members")


class ApiToken(models.Model):
    """A secret that acts for its owner through the API. Only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    start = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True, blank=True)

    @property
    def scope_names(self) -> list[str]:
        return [str(scope.label) for scope in Scope if scope.value in self.scopes]

    @staticmethod
    def digest_of(secret: str) -> str:
        # tokens carry 256 random bits, so a plain fast hash cannot be guessed
        return hashlib.sha256(secret.encode()).hexdigest()


class LogEntry(models.Model):
    """Who did what: one row for each change made through an action."""

    product = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="log")
    who = models.CharField(max_length=254)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=400, blank=True)
    details = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
