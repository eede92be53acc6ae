"""What older versions noted of who answered an anonymous survey goes: links lose their bit and leave a mark instead,
the log loses its “answered” and “dismissed”, and carried properties that fewer than ten answers share are dropped."""

from collections import Counter

import django.db.models.deletion
from django.db import migrations, models

LEAST = 10


def forget(apps, _editor):
    from userops.experience.surveys.invitations import mark_of, token_of

    tables = ("Invitation", "SpentLink", "Survey", "Contact", "Response")
    invitations, spent, surveys, contacts, responses = (
        apps.get_model("surveys", name).objects for name in tables
    )
    for survey in surveys.filter(anonymous=True):
        used = invitations.filter(survey=survey, used=True)
        marks = [
            spent.model(mark=mark_of(token_of(row)), survey=survey) for row in used.iterator()
        ]
        spent.bulk_create(sorted(marks, key=lambda each: each.mark), ignore_conflicts=True)
        used.update(used=False)
        contacts.filter(survey=survey, reason="answered").delete()
        contacts.filter(survey=survey, step="dismissed").delete()
        _drop_rare(responses.filter(survey=survey).exclude(carried={}))


def _drop_rare(rows):
    held = [(pk, tuple(sorted(own.items()))) for pk, own in rows.values_list("pk", "carried")]
    sizes = Counter(own for _pk, own in held)
    for pk, own in held:
        if sizes[own] < LEAST:
            rows.model.objects.filter(pk=pk).update(carried={})


class Migration(migrations.Migration):
    dependencies = [("surveys", "0003_answer_growing")]

    operations = [
        migrations.CreateModel(
            name="SpentLink",
            fields=[
                ("mark", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spent_links",
                        to="surveys.survey",
                    ),
                ),
            ],
        ),
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
