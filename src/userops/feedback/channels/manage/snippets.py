"""What is put into a site: the widget's script, and how the site signs its user."""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.translation import gettext as _

from userops.feedback.channels.models import Channel
from userops.notices.telling import absolute


def snippets(channel: Channel, secret: str) -> list[tuple[str, str]]:
    """(title, code) each."""
    script = absolute(static("feedback/widget.js"))
    origin = script.removesuffix(static("feedback/widget.js"))
    plain = f'<script src="{script}" data-key="{channel.key}" async></script>'
    known = (
        f'<script src="{script}" data-key="{channel.key}"\n'
        '  data-user-id="u123" data-contact="li@example.com" data-signature="…" async></script>'
    )
    where = _("the secret above, on your server only")
    signing = (
        "import hashlib, hmac\n"
        f'secret = "…"  # {where}\n'
        "signature = hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()"
    )
    policy = f"script-src {origin}; frame-src {origin}"
    return [
        (_("The widget"), plain),
        (_("With the user who is logged in"), known),
        (_("The signature, on your server"), signing),
        (_("What a strict policy of your site has to allow"), policy),
    ]
