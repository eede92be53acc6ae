"""Set-up that works when pasted: the address and the key of this product are in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Snippet:
    """One way to connect. `code` holds `{url}` and `{key}`."""

    slug: str
    name: str | Promise
    note: str | Promise
    code: str

    def filled(self, url: str, key: str) -> str:
        return self.code.replace("{url}", url).replace("{key}", key)


SNIPPETS: tuple[Snippet, ...] = (
    Snippet(
        "http",
        _("HTTP"),
        _("Any language: one request with one event or with a batch."),
        """curl {url}/v1/events \\
  -H 'Authorization: Bearer {key}' \\
  -H 'Content-Type: application/json' \\
  -d '{"batch": [
        {"event": "sign_up", "user": "u-1001", "time": "2026-01-31T09:30:00+08:00",
         "properties": {"channel": "wechat", "platform": "iOS"}}]}'""",
    ),
    Snippet(
        "posthog-js",
        _("Web (PostHog SDK)"),
        _("posthog-js sends to this server when api_host is changed."),
        """import posthog from 'posthog-js'

posthog.init('{key}', {
  api_host: '{url}',
  person_profiles: 'identified_only',
  disable_session_recording: true,
})
posthog.capture('view_product', { category: 'books' })
posthog.identify('u-1001', { member_level: 'gold' })""",
    ),
    Snippet(
        "sensors-web",
        _("Web and mini-program (Sensors SDK)"),
        _("The Sensors SDKs send to this server when server_url is changed."),
        """var sensors = require('sa-sdk-javascript');

sensors.init({
  server_url: '{url}/sa?token={key}',
  is_track_single_page: true,
});
sensors.track('view_product', { category: 'books' });
sensors.login('u-1001');""",
    ),
    Snippet(
        "posthog-python",
        _("Server: Python (PostHog SDK)"),
        _("The PostHog server SDKs send to this server when host is changed."),
        """from posthog import Posthog

posthog = Posthog('{key}', host='{url}')
posthog.capture('pay_success', distinct_id='u-1001', properties={'amount': 128.0})
posthog.shutdown()""",
    ),
    Snippet(
        "segment-python",
        _("Server: Python (Segment SDK)"),
        _("The Segment SDKs send to this server when host is changed."),
        """import segment.analytics as analytics

analytics.write_key = '{key}'
analytics.host = '{url}'
analytics.identify('u-1001', {'member_level': 'gold'})
analytics.track('u-1001', 'pay_success', {'amount': 128.0})
analytics.flush()""",
    ),
    Snippet(
        "sensors-python",
        _("Server: Python (Sensors SDK)"),
        _("Also for Java, PHP, Go, Node.js: change the address of the consumer."),
        """import sensorsanalytics

consumer = sensorsanalytics.BatchConsumer('{url}/sa?token={key}')
sa = sensorsanalytics.SensorsAnalytics(consumer)
sa.track('u-1001', 'pay_success', {'amount': 128.0}, is_login_id=True)
sa.close()""",
    ),
)
