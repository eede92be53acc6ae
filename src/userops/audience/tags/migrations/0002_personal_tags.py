from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tags", "0001_initial"), ("events", "0008_personal_facts")]

    operations = [
        migrations.AddField(
            model_name="tag",
            name="personal",
            field=models.BooleanField(
                null=True, help_text="Whether its values say who somebody is; null: as its name says."
            ),
        ),
    ]
