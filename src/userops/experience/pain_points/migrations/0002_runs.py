from django.db import migrations, models


class Migration(migrations.Migration):
    """A run is a `BackgroundRun`, as those of other slices."""

    dependencies = [("pain_points", "0001_initial")]

    operations = [
        migrations.RenameField("run", "asked", "started"),
        migrations.RenameField("run", "finished", "ended"),
        migrations.AlterField("run", "ended", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField("run", "problem", models.JSONField(blank=True, null=True)),
    ]
