"""What was read, in the words of pages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

INTENTS: dict[str, Promise] = {
    "complaint": pgettext_lazy("intent", "Complaint"),
    "question": pgettext_lazy("intent", "Question"),
    "wish": pgettext_lazy("intent", "Wish"),
    "praise": pgettext_lazy("intent", "Praise"),
    "other": pgettext_lazy("intent", "Something else"),
}
REASONS: dict[str, Promise] = {
    "safety": _("safety of people"),
    "account": _("an account taken over"),
    "privacy": _("privacy"),
    "law": _("authorities or the law"),
    "loss": _("lost data"),
    "money": _("money"),
    "crash": _("crashes"),
    "access": _("no access"),
    "goods": _("bad goods"),
    "outage": _("an outage"),
}
