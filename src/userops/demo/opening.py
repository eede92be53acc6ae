"""The demo workspace as a whole: administrator, company, showcase."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from userops.demo.desk.asked import keep_requirements
from userops.demo.desk.equipment import equip
from userops.demo.desk.opening import open_desk
from userops.demo.desk.understood import understand_desk
from userops.demo.grouped import group_people
from userops.demo.load import Progress, load_demo
from userops.demo.personas import keep_personas
from userops.demo.predicted import predict_risk
from userops.demo.remembered import write_annotations
from userops.demo.reported import begin_report
from userops.demo.showcase import make_showcase
from userops.demo.suffered import keep_pain_points
from userops.demo.surveys.opening import open_surveys
from userops.demo.watched import watch_showcase
from userops.demo.world import BRAND, PRODUCT, TIME_ZONE
from userops.events.store import Store
from userops.workspace.models import Membership, User
from userops.workspace.roles import Role
from userops.workspace.setup import create_workspace

LOGIN_FILE = "demo-login.txt"
EMAIL = "admin@example.com"


@dataclass(frozen=True, slots=True)
class Opened:
    """The demo, ready to be served. `login` is a line for a person, `end` the last day of the data."""

    login: str
    fresh: bool
    seconds: float
    end: date


def open_demo(store: Store, seed: int | None, events: int | None, progress: Progress) -> Opened:
    """Make whatever is missing. Raises `Refused` when the folder holds something else."""
    admin, login = _administrator(store)
    loaded = load_demo(store, seed, events, progress)
    open_desk(store, loaded.product, loaded.order, admin, store.config.language)
    understand_desk(loaded.product, admin)
    keep_requirements(loaded.product, admin)
    equip(loaded.product, admin, store.config.language)
    open_surveys(store, loaded.product, loaded.order, admin, store.config.language)
    write_annotations(loaded.product, loaded.order, admin, store.config.language)
    make_showcase(loaded.product, loaded.order, admin, store.config.language)
    watch_showcase(loaded.product, admin, store.config.language)
    keep_personas(loaded.product, loaded.order, admin, store.config.language)
    group_people(store, loaded.product, admin, store.config.language)
    predict_risk(loaded.product, admin)
    keep_pain_points(store, loaded.product, admin, store.config.language)
    begin_report(loaded.product, loaded.order, admin)
    end = date.fromisoformat(loaded.order.end)
    return Opened(login, loaded.fresh, loaded.seconds, end)


def _administrator(store: Store) -> tuple[User, str]:
    """The administrator, and how to log in: by the password kept in the data folder when the
    workspace was made for the demo, else by an account that is there already."""
    path = store.config.data / LOGIN_FILE
    everywhere = Membership.objects.filter(product=None, role=Role.ADMIN, user__is_active=True)
    found = everywhere.select_related("user").order_by("pk").first()
    if found is not None:
        if path.exists():
            return found.user, _login_line(*path.read_text().split())
        return found.user, f"Log in as {found.user.email} with your password."
    password = secrets.token_urlsafe(12)
    # the file first: a crash between the two must not leave an unknown password
    _write_secret(path, f"{EMAIL}\n{password}\n")
    admin, _ = create_workspace(
        email=EMAIL,
        password=password,
        product_slug=PRODUCT,
        product_name=BRAND.text(store.config.language),
        timezone=TIME_ZONE,
        language=store.config.language,
    )
    return admin, _login_line(EMAIL, password)


def _login_line(email: str, password: str) -> str:
    return f"登录 · Log in: {email}  {password}"


def _write_secret(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
