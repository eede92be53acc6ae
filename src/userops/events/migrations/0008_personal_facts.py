from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0007_personal_properties")]

    operations = [
        migrations.AddField(
            model_name="fact",
            name="personal",
            field=models.BooleanField(
                null=True, help_text="Whether its values say who somebody is; null: as its name says."
            ),
        ),
    ]
