"""What the event store keeps in the operational database: products, keys, identities, profiles, intake.

The events themselves are in the engine (`schema/`). A batch of events counts only once `Intake` or its
`ImportRun` says so, in the same transaction as the identities and profiles that came with it.
"""

from __future__ import annotations

import secrets

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from userops.events.among import Among
from userops.events.personal import looks_personal
from userops.timezones import timezone_names

models.Field.register_lookup(Among)


def new_write_key() -> str:
    return "wk_" + secrets.token_urlsafe(24)


def check_timezone(name: str) -> None:
    if name not in timezone_names():
        raise ValidationError(
            _("%(name)s is not a time zone name, such as Asia/Shanghai."), params={"name": name}
        )


check_slug = RegexValidator(
    r"^[a-z0-9][a-z0-9_-]{0,62}$",
    _("Lower-case letters, digits, - and _, starting with a letter or digit, at most 63."),
)


class Product(models.Model):
    """Something that has users: an app, a shop, a site. All data belongs to one product."""

    slug = models.CharField(max_length=63, unique=True, validators=[check_slug])
    name = models.CharField(max_length=100)
    timezone = models.CharField(max_length=64, default="Asia/Shanghai", validators=[check_timezone])
    currency = models.CharField(max_length=3, default="CNY")
    created = models.DateTimeField(auto_now_add=True)
    next_uid = models.PositiveBigIntegerField(default=0, editable=False)
    version = models.PositiveBigIntegerField(
        default=0, help_text="Raised by whatever changes an answer."
    )

    def __str__(self) -> str:
        return self.name


class WriteKey(models.Model):
    """A public key that may only send data to its product."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="write_keys")
    key = models.CharField(max_length=64, unique=True, default=new_write_key)
    name = models.CharField(max_length=100)
    created = models.DateTimeField(auto_now_add=True)
    revoked = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class UserId(models.Model):
    """One id that senders use, and the dense number that stands for it in every event."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    distinct_id = models.CharField(max_length=400)
    uid = models.PositiveBigIntegerField()
    known = models.BooleanField(
        default=False,
        help_text="Named by identify or log-in: never merged into another known user by itself.",
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "distinct_id"], name="one_uid_per_distinct_id"
            ),
            models.UniqueConstraint(fields=["product", "uid"], name="one_distinct_id_per_uid"),
        ]

    def __str__(self) -> str:
        return self.distinct_id


class Merge(models.Model):
    """`uid` is the same person as `into`. Undoing it removes the link; no event is ever rewritten."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    uid = models.PositiveBigIntegerField(
        help_text="Was the first id of its person when it was merged."
    )
    into = models.PositiveBigIntegerField()
    how = models.CharField(max_length=20)
    merged = models.DateTimeField(auto_now_add=True)
    undone = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=254, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "uid"],
                condition=models.Q(undone=None),
                name="one_parent_per_uid",
            )
        ]
        indexes = [
            models.Index(fields=["product", "into"]),
            # few, and asked for with each message that says who is who
            models.Index(
                fields=["product", "uid"],
                condition=models.Q(undone__isnull=False),
                name="undone_links_by_uid",
            ),
        ]


class Profile(models.Model):
    """What is known of one uid. A person's profile joins those of all its uids (`profiles.py`)."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    uid = models.PositiveBigIntegerField()
    properties = models.JSONField(default=dict)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "uid"], name="one_profile_per_uid")
        ]


class Intake(models.Model):
    """The one row that says which live batches count: all up to `done`."""

    done = models.PositiveBigIntegerField(default=0)


class RollupDay(models.Model):
    """Which build of `active_users` counts for a day of a product; none while the day has to be read from
    its events. `pending` is a build that has begun and will count unless the day is touched before."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    day = models.DateField()
    build = models.PositiveBigIntegerField(null=True)
    pending = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "day"], name="one_rollup_of_a_day")
        ]


class Fact(models.Model):
    """What a fact is, and which version of its rows counts (`facts.py`)."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="facts")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    type = models.CharField(max_length=10, default="text")
    label_zh = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200)
    value_labels = models.JSONField(default=dict)
    """Words of values, in both languages, where people call them otherwise than documents do."""
    version = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64, help_text="Of what the version says.")
    personal = models.BooleanField(
        null=True, help_text="Whether its values say who somebody is; null: as its name says."
    )
    rows = models.PositiveBigIntegerField(default=0)
    computed = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="one_fact_of_a_name")
        ]


class FactLeftover(models.Model):
    """A version of a fact that counts no longer, or not yet: its rows go after a while."""

    version = models.PositiveBigIntegerField(unique=True)
    after = models.DateTimeField()


class ImportRun(models.Model):
    """One import of one file, from the first look to its quality report."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(max_length=255)
    file_path = models.CharField(max_length=1024)
    file_hash = models.CharField(max_length=64, blank=True)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    cancel_asked = models.BooleanField(default=False)
    progress = models.JSONField(default=dict)
    rows = models.PositiveBigIntegerField(default=0)
    stored = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    duplicates = models.PositiveBigIntegerField(default=0)
    error = models.JSONField(null=True, blank=True)
    started_by = models.CharField(max_length=254, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True, blank=True)


class QuarantinedRow(models.Model):
    """An input that was refused, kept with its reason until it is replayed or thrown away."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="quarantine")
    door = models.CharField(max_length=20)
    import_run = models.ForeignKey(ImportRun, null=True, blank=True, on_delete=models.CASCADE)
    row_number = models.PositiveBigIntegerField(null=True, blank=True)
    code = models.CharField(max_length=40, db_index=True)
    detail = models.CharField(max_length=500)
    raw = models.TextField()
    received = models.DateTimeField(auto_now_add=True, db_index=True)
    replayed = models.DateTimeField(null=True, blank=True)


class QualityReport(models.Model):
    """What was seen in one import, or in one day of collecting (`quality.py` makes and compares them)."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="quality_reports")
    import_run = models.OneToOneField(
        ImportRun, null=True, blank=True, on_delete=models.CASCADE, related_name="report"
    )
    day = models.DateField(null=True, blank=True)
    made = models.DateTimeField(auto_now=True)
    report = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "day"],
                condition=models.Q(import_run=None),
                name="one_report_per_day",
            )
        ]


class EventDefinition(models.Model):
    """The catalogue entry of an event name."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="event_definitions")
    name = models.CharField(max_length=200)
    label_zh = models.CharField(max_length=100, blank=True)
    label_en = models.CharField(max_length=100, blank=True)
    description = models.TextField(blank=True)
    owner = models.CharField(max_length=254, blank=True)
    hidden = models.BooleanField(default=False)
    reviewed = models.BooleanField(
        default=False, help_text="Not yet reviewed events are shown as new."
    )
    first_seen = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="one_event_definition")
        ]


class PropertyDefinition(models.Model):
    """The catalogue entry of a property, of events or of users."""

    class Of(models.TextChoices):
        EVENT = "event", _("event")
        USER = "user", _("user")

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="property_definitions"
    )
    of = models.CharField(max_length=5, choices=Of.choices)
    name = models.CharField(max_length=200)
    type = models.CharField(max_length=10, default="text")
    label_zh = models.CharField(max_length=100, blank=True)
    label_en = models.CharField(max_length=100, blank=True)
    description = models.TextField(blank=True)
    hidden = models.BooleanField(default=False)
    personal = models.BooleanField(
        null=True, help_text="Whether its values say who somebody is; null: as its name says."
    )
    first_seen = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "of", "name"], name="one_property_definition"
            )
        ]

    @property
    def is_personal(self) -> bool:
        return looks_personal(self.of, self.name) if self.personal is None else self.personal


class Erasure(models.Model):
    """Proof that one person was erased: counts before and after, never the ids themselves."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    asked_by = models.CharField(max_length=254, blank=True)
    done = models.DateTimeField(auto_now_add=True)
    proof = models.JSONField(default=dict)
