"""Errands of tags, as the command line sends them."""

from __future__ import annotations

from userops.audience.tags.models import Tag
from userops.maintenance import describing


def test_the_command_says_whether_a_tag_is_personal(product, store, make_user):
    make_user("admin", None)
    wanted = {"name": "称呼", "kind": "manual"}
    assert describing.create(store, product=product.slug, **wanted, personal=True)["personal"]
    told = describing.personal(store, product=product.slug, tag="称呼", personal=False)
    assert (told["personal"], Tag.objects.get(name="称呼").personal) == (False, False)
