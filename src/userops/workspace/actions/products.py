"""Products and their write keys."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from userops.errors import NotFound, Refused
from userops.events.models import Product, WriteKey
from userops.events.rollups.touching import touch_all
from userops.words import Words
from userops.workspace.access import check, check_workspace
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission
from userops.workspace.setup import check_fields

MAX_KEYS = 100


@transaction.atomic
def create_product(
    *,
    slug: str,
    name: str,
    timezone: str = "Asia/Shanghai",
    currency: str = "CNY",
    acting_user: User,
) -> Product:
    """A new product with a default write key."""
    check_workspace(acting_user)
    product = Product(
        slug=slug.strip(), name=name.strip(), timezone=timezone, currency=_currency(currency)
    )
    check_fields(product)
    product.save()
    WriteKey.objects.create(product=product, name=_("default"))
    note(acting_user, "product.created", product=product, target=product.slug)
    return product


@transaction.atomic
def change_product(
    product: Product,
    *,
    name: str | None = None,
    timezone: str | None = None,
    currency: str | None = None,
    acting_user: User,
) -> Product:
    """Rename a product, or count its days elsewhere. Its slug stays: addresses and SDKs hold it."""
    check(acting_user, product, Permission.MANAGE_WORKSPACE)
    wanted = {"name": name, "timezone": timezone, "currency": currency and _currency(currency)}
    changed = {
        field: [getattr(product, field), value]
        for field, value in wanted.items()
        if value is not None and value != getattr(product, field)
    }
    for field, (_before, value) in changed.items():
        setattr(product, field, value)
    check_fields(product)
    if changed:
        product.save(update_fields=list(changed))
        if "timezone" in changed:
            touch_all(product.pk)
        note(acting_user, "product.changed", product=product, target=product.slug, **changed)
    return product


def _currency(code: str) -> str:
    code = code.strip().upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise Refused(
            Words(
                f"币种应为三个字母的代码，例如 CNY；实际为 {code!r}。",
                f"The currency must be a code of three letters, such as CNY; got {code!r}.",
            ),
            code="currency_invalid",
        )
    return code


@transaction.atomic
def create_write_key(product: Product, *, name: str, acting_user: User) -> WriteKey:
    """A new key that may only send data to this product."""
    check(acting_user, product, Permission.MANAGE_SOURCES)
    name = name_of(name, 100)
    if WriteKey.objects.filter(product=product, revoked=None).count() >= MAX_KEYS:
        raise Refused(
            Words(f"每个产品最多 {MAX_KEYS} 个密钥。", f"A product has at most {MAX_KEYS} keys."),
            code="too_many_keys",
        )
    key = WriteKey.objects.create(product=product, name=name)
    note(acting_user, "write_key.created", product=product, target=name)
    return key


@transaction.atomic
def revoke_write_key(key: WriteKey, *, acting_user: User) -> WriteKey:
    """From now on the collector refuses what comes with this key."""
    check(acting_user, key.product, Permission.MANAGE_SOURCES)
    if key.revoked is not None:
        raise NotFound(Words("该密钥已停用。", "This key is revoked."), code="key_not_found")
    key.revoked = datetime.now(UTC)
    key.save(update_fields=["revoked"])
    note(acting_user, "write_key.revoked", product=key.product, target=key.name)
    return key
