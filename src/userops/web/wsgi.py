"""The WSGI application. The store opens when the server starts (`server.py`), not on import."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "userops.web.settings")
application = get_wsgi_application()
