"""The first steps of a workspace: its first administrator, and products with a key to send data."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from userops import config
from userops.errors import Refused
from userops.events.models import Product, WriteKey
from userops.words import Words
from userops.workspace.log import note
from userops.workspace.models import Membership, User
from userops.workspace.roles import Role

DEFAULT_TIMEZONE = "Asia/Shanghai"
DEFAULT_KEY = "default"
LOCAL_EMAIL = "machine@localhost"


def create_workspace(
    *,
    email: str,
    password: str,
    product_slug: str,
    product_name: str,
    timezone: str,
    language: str,
) -> tuple[User, Product]:
    """Make the first administrator and the first product.

    Running it again with the same e-mail changes nothing. Raises `Refused` when somebody else is
    administrator already (they invite further ones), or when a value is wrong.
    """
    with transaction.atomic():
        user = _first_admin(email.strip().lower(), password, language)
        product = ensure_product(product_slug, timezone=timezone, name=product_name)[0]
    return user, product


def local_admin() -> User:
    """Who acts for the commands of this machine beside a running server: the first administrator, or
    an account of the machine's own, with no password, in a workspace that has none yet."""
    first = _admins().order_by("pk").first()
    if first is not None:
        return first
    with transaction.atomic():
        own, made = User.objects.get_or_create(email=LOCAL_EMAIL, defaults={"name": "userops"})
        if made:
            own.set_unusable_password()
            own.save()
            Membership.objects.create(user=own, product=None, role=Role.ADMIN)
    return own


def ensure_product(
    slug: str, *, timezone: str | None = None, name: str | None = None
) -> tuple[Product, bool]:
    """The product of this short name, made with a default write key when it is named first.

    Answers the product and whether it was made now. Raises `Refused` for a wrong name or time zone.
    """
    found = Product.objects.filter(slug=slug).first()
    if found is not None:
        return found, False
    product = Product(slug=slug, name=(name or slug)[:100], timezone=timezone or DEFAULT_TIMEZONE)
    check_fields(product)
    with transaction.atomic():
        product.save()
        WriteKey.objects.create(product=product, name=DEFAULT_KEY)
    return product, True


def check_fields(product: Product) -> None:
    """Raises `Refused` with the first thing that is wrong with a product's fields."""
    refuse_invalid(product.full_clean, "product_invalid")


def refuse_invalid(check: Callable[[], object], code: str) -> None:
    """Run a Django validator; what it complains of becomes a `Refused` in both languages."""
    complaints = {language: _complaint(check, language) for language in ("zh-hans", "en")}
    if (chinese := complaints["zh-hans"]) and (english := complaints["en"]):
        raise Refused(Words(zh=chinese, en=english), code=code)


def _complaint(check: Callable[[], object], language: str) -> str:
    # some validators translate at once, so each language is asked for by itself
    with translation.override(language):
        try:
            check()
        except ValidationError as wrong:
            return " ".join(str(message) for message in wrong.messages)
    return ""


def has_admin() -> bool:
    """Whether anybody administers the workspace."""
    return _admins().exists()


def _admins() -> QuerySet[User]:
    """The people who administer the workspace, without the machine's own account."""
    admins = User.objects.filter(
        memberships__product=None, memberships__role=Role.ADMIN, is_active=True
    )
    return admins.exclude(email=LOCAL_EMAIL)


def _first_admin(email: str, password: str, language: str) -> User:
    admins = _admins()
    same = admins.filter(email=email).first()
    if same is not None:
        return same
    if admins.exists():
        raise Refused(
            Words("工作区已有管理员。", "This workspace has an administrator already."),
            code="workspace_exists",
            hint=Words(
                "请由现有管理员在“成员”页邀请新成员。",
                "Let an administrator invite new members on the page “Members”.",
            ),
        )
    user = User(email=email, language=language or config.current().language)
    check_account(user, password)
    user.set_password(password)
    user.save()
    Membership.objects.create(user=user, product=None, role=Role.ADMIN)
    User.objects.filter(email=LOCAL_EMAIL).delete()
    note(user, "workspace.created", target=email)
    return user


def check_account(user: User, password: str) -> None:
    """Raises `Refused` for a malformed or taken e-mail, or a password that is too weak."""

    def check() -> None:
        validate_email(user.email)
        if User.objects.filter(email=user.email).exclude(pk=user.pk).exists():
            raise ValidationError(_("Somebody has an account with this e-mail address already."))
        validate_password(password, user)

    refuse_invalid(check, "account_invalid")
