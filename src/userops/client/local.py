"""A data folder, opened by this process alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from userops.client.desk import LocalDesk
from userops.client.workspace import QueryResult, SqlResult, only_one
from userops.loading import loading


class LocalWorkspace:
    """A data folder, opened by this process alone."""

    def __init__(self, data: Path):
        os.environ["USEROPS_DATA"] = str(data)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "userops.web.settings")
        import django

        with loading():
            django.setup()

        from userops.events import store
        from userops.workspace.migrating import migrate

        # a folder of an earlier version is brought up to date, as by the server and the commands
        migrate()

        self.store = store.current()
        self.desk = LocalDesk(self, self._only_product)

    def query(self, document: Mapping[str, Any]) -> QueryResult:
        from userops.analyses.answering import answer
        from userops.query.personal import Sight

        answered = answer(document, self.store, sight=Sight.ALL)
        return QueryResult(answered.as_json(), answered.arrow())

    def people(
        self,
        document: Mapping[str, Any],
        selection: Mapping[str, Any],
        *,
        limit: int = 100,
        offset: int = 0,
    ) -> dict[str, Any]:
        from userops.maintenance.people import people_behind

        return people_behind(self.store, document, selection, limit=limit, offset=offset)

    def explain(self, document: Mapping[str, Any]) -> dict[str, Any]:
        from userops.analyses.answering import explain

        return explain(document, self.store).as_json()

    def sql(
        self, text: str, *, product: str | None = None, limit: int = 1_000, **parameters: Any
    ) -> SqlResult:
        from userops.sql.answers import Question, arrow

        slug = product or self._only_product()
        return SqlResult(*arrow(Question(slug, text, parameters, limit), self.store))

    def tags(self, product: str) -> list[dict[str, Any]]:
        from userops.audience.tags.listing import listing

        return listing(self.store.product(product))

    def feedback_channels(self, product: str) -> list[dict[str, Any]]:
        from userops.maintenance.channelling import listed

        return listed(self.store, product=product)

    def tag(self, product: str, name: str, values: Mapping[str, str]) -> dict[str, Any]:
        from userops.audience.tags import actions, importing
        from userops.workspace.setup import local_admin

        row = actions.find(self.store.product(product), name)
        done = importing.import_values(
            self.store, row, values.items(), name="Python", acting_user=local_admin()
        )
        return done.as_json()

    def segments(self, *, product: str | None = None) -> list[dict[str, Any]]:
        from userops.audience.segments.listing import listed

        return listed(self.store.product(product or self._only_product()))

    def count_segment(
        self,
        document: Mapping[str, Any],
        *,
        quick: bool = False,
        day: date | None = None,
        product: str | None = None,
    ) -> dict[str, Any]:
        from userops.audience.segments.counting import count
        from userops.workspace.setup import local_admin

        found = self.store.product(product or self._only_product())
        admin = local_admin()
        counted = count(self.store, found, document, quick=quick, day=day, acting_user=admin)
        return counted.as_json()

    def pain_points(self, *, product: str | None = None) -> list[dict[str, Any]]:
        from userops.maintenance import paining

        return paining.listing(self.store, product=product or self._only_product())

    def reports(self, *, product: str | None = None) -> list[dict[str, Any]]:
        from userops.maintenance import reporting

        return reporting.listing(self.store, product=product or self._only_product())

    def report(
        self, number: int, *, product: str | None = None, version: int | None = None
    ) -> dict[str, Any]:
        from userops.maintenance import reporting

        slug = product or self._only_product()
        return reporting.show(self.store, product=slug, report=number, version=version)

    def report_file(
        self,
        number: int,
        format: str = "docx",  # noqa: A002
        *,
        language: str = "zh",
        product: str | None = None,
        version: int | None = None,
    ) -> bytes:
        from userops.maintenance import reporting
        from userops.reports.exporting import export

        slug = product or self._only_product()
        return export(reporting.find(self.store, slug, number, version), format, language).content

    def build_report(
        self,
        kind: str,
        period: str,
        *,
        product: str | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        from userops.maintenance import reporting

        slug = product or self._only_product()
        return reporting.build_now(self.store, slug, kind, period, settings)

    def understanding(self, *, product: str | None = None) -> dict[str, Any]:
        from userops.maintenance import understanding

        return understanding.understanding(self.store, product=product or self._only_product())

    def reading(self, ticket: int, *, product: str | None = None) -> dict[str, Any]:
        from userops.maintenance import understanding

        slug = product or self._only_product()
        return understanding.reading(self.store, product=slug, ticket=ticket)

    def correct(self, ticket: int, *, product: str | None = None, **right: Any) -> dict[str, Any]:
        from userops.maintenance import understanding

        slug = product or self._only_product()
        if right.get("category") is not None:
            right["category"] = str(right["category"])
        return understanding.correct(self.store, product=slug, ticket=ticket, **right)

    def topics(self, *, product: str | None = None) -> dict[str, Any]:
        from userops.maintenance import understanding

        return understanding.topics(self.store, product=product or self._only_product())

    def topic(self, key: int, *, product: str | None = None, limit: int = 100) -> dict[str, Any]:
        from userops.maintenance import understanding

        slug = product or self._only_product()
        return understanding.topic(self.store, product=slug, topic=key, limit=limit)

    def _only_product(self) -> str:
        from userops.events.models import Product

        return only_one(list(Product.objects.values_list("slug", flat=True)))

    def close(self) -> None:
        from userops.events import store

        store.close_current()
