from django.db import migrations

BATCH = 2000


def index_again(apps, schema_editor):
    """Cut every text into the pieces of today: single characters, and four of a number."""
    from wenyou.search.services import indexed

    docs = apps.get_model("wenyou", "SearchDoc").objects.using(schema_editor.connection.alias)
    last = 0
    while rows := list(docs.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for row in rows:
            row.grams = indexed(row.text)
        docs.bulk_update(rows, ["grams"], batch_size=500)
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("wenyou", "0010_indexes_of_large_banks"),
    ]

    operations = [
        migrations.RunPython(index_again, migrations.RunPython.noop),
    ]
