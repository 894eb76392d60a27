from django.db import migrations

STEP = 50_000
INDEX = "wenyou_searchindex"


def tell_where(apps, schema_editor):
    """Write unit and flow beside the text of each matter, so many keys at a time.

    What is there already is left alone: broken off, it goes on where it was. The indexes over the
    words would be written anew with every row; they are made again at the end.
    """
    connection = schema_editor.connection
    docs = apps.get_model("wenyou", "SearchDoc").objects.using(connection.alias)
    blank = docs.filter(object_kind="matter", unit__isnull=True)
    first, last = (blank.order_by(order).values_list("pk", flat=True).first() for order in ("pk", "-pk"))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER IF EXISTS {INDEX}_change")
        elif last is not None and last - first > STEP:
            cursor.execute(f"DROP INDEX IF EXISTS {INDEX}_matter")
        for start in range(first or 0, (last or -1) + 1, STEP):
            cursor.execute(
                "UPDATE wenyou_searchdoc SET unit_id ="
                " (SELECT unit_id FROM wenyou_matter WHERE id = object_id),"
                " flow = coalesce((SELECT flow FROM wenyou_matter WHERE id = object_id), '')"
                " WHERE object_kind = 'matter' AND unit_id IS NULL AND id >= %s AND id < %s",
                [start, start + STEP],
            )
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE wenyou_searchdoc")


class Migration(migrations.Migration):
    # Each step stays once it is done.
    atomic = False

    dependencies = [
        ("wenyou", "0015_unit_beside_texts"),
    ]

    operations = [
        migrations.RunPython(tell_where, migrations.RunPython.noop),
    ]
