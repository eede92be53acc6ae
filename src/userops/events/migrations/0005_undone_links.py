from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0004_facts"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="merge",
            index=models.Index(
                condition=models.Q(("undone__isnull", False)),
                fields=["product", "uid"],
                name="undone_links_by_uid",
            ),
        ),
    ]
