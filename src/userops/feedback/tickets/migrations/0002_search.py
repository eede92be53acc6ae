from __future__ import annotations

from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).parent.parent / "sql"


def index(apps, editor):
    text = (FOLDER / f"index_{editor.connection.vendor}.sql").read_text(encoding="utf-8")
    for statement in text.split("\n\n"):
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [migrations.RunPython(index)]
