"""One use of the plugged model: allowed by switch, patience and budget; written down before it leaves; answered."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.feedback.wording import asking, problems
from userops.feedback.wording.calling import Service, body_of, call
from userops.feedback.wording.models import PluggedModel, Use
from userops.feedback.wording.problems import ModelFailed
from userops.notices.sealing import unseal
from userops.workspace.models import User

KEPT = timedelta(days=30)
"""So long what was sent is kept, word for word; the line of the use itself stays."""
log = logging.getLogger("userops.wording")


def plugged(product: Product) -> PluggedModel:
    """The product's model, as it is set up. Raises `Refused` where none is switched on."""
    row = PluggedModel.objects.filter(product=product, active=True).first()
    if row is None:
        raise problems.is_off()
    return row


def is_on(product: Product) -> bool:
    return PluggedModel.objects.filter(product=product, active=True).exists()


def used_today(product: Product) -> int:
    day = datetime.now(ZoneInfo(product.timezone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    return Use.objects.filter(product=product, at__gte=day).count()


def ask(
    row: PluggedModel, asked: tuple[str, str], *, kind: str, about: str = "", by: User | None
) -> asking.Said:
    """Send and read the answer. Raises `Refused` before anything is sent, `ModelFailed` after."""
    use = _open_use(row, body_of(row.model, *asked), kind, about, by)
    began = time.monotonic()
    try:
        key = unseal(row.key) if row.key else ""
        said = asking.kept(call(Service(row.address, row.model, key, row.seconds), use.sent))
    except UserOpsError as wrong:
        use.problem = wrong.words.as_dict()
        if isinstance(wrong, ModelFailed) and wrong.until is not None:
            PluggedModel.objects.filter(pk=row.pk).update(wait_until=wrong.until)
        raise
    finally:
        use.milliseconds = int((time.monotonic() - began) * 1_000)
        use.save(update_fields=["problem", "milliseconds"])
        outcome = "failed" if use.problem else "answered"
        log.info("model used for %s of product %s: %s", kind, row.product_id, outcome)
    return said


@transaction.atomic
def _open_use(row: PluggedModel, sent: str, kind: str, about: str, by: User | None) -> Use:
    """Within the budget, also when many ask at once: the row is locked while it is counted."""
    locked = PluggedModel.objects.select_for_update().select_related("product").get(pk=row.pk)
    now = datetime.now(UTC)
    if locked.wait_until is not None and locked.wait_until > now:
        wait = int((locked.wait_until - now).total_seconds()) + 1
        raise problems.failed(
            "model_busy",
            f"服务要求稍后再试，还需等待 {wait} 秒。",
            f"The service asks for patience: {wait} more seconds.",
        )
    if used_today(locked.product) >= locked.budget:
        raise problems.budget_spent(locked.budget)
    return Use.objects.create(
        product=locked.product, at=now, by=by, kind=kind, about=about, address=locked.address,
        model=locked.model, sent=sent,
    )  # fmt: skip


def forget_old(now: datetime | None = None) -> int:
    """Empty what was sent before `KEPT`."""
    before = (now or datetime.now(UTC)) - KEPT
    return Use.objects.filter(at__lt=before).exclude(sent="").update(sent="")
