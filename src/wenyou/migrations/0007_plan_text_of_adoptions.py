"""Give each adoption the text of the plan it was made from, and each figure its place.

Until now an adoption named a plan that the program ships; whatever is shipped on the day of this
migration is what its runs were computed from.
"""

import hashlib
from decimal import Decimal

from django.db import migrations

BATCH = 500


def keep_plans(apps, editor):
    """Text and hash of each plan; of one that is shipped no more there is nothing to keep."""
    from wenyou_core.scheme.load import load_plan
    from wenyou_desk.plans import find_plan, read_text, shipped

    texts = apps.get_model("wenyou", "PlanText").objects
    adoptions = apps.get_model("wenyou", "Adoption").objects.filter(source=None)
    for name in sorted(set(adoptions.values_list("plan", flat=True)) & set(shipped())):
        text = read_text(find_plan(name))
        plan = load_plan(text, f"{name}/scheme.yaml")
        digest = hashlib.sha256(text.encode()).hexdigest()
        kept, _ = texts.get_or_create(
            digest=digest, defaults={"plan": name, "version": plan.version, "text": text}
        )
        adoptions.filter(plan=name).update(source=kept)


def number(text):
    """What a shown figure is ordered by; words stand behind the numbers."""
    try:
        return 0, Decimal(str(text).replace("\N{MINUS SIGN}", "-")), ""
    except ArithmeticError:
        return 1, Decimal(0), str(text)


def order_figures(apps, editor):
    """The place of each figure among those of its column, run by run."""
    subjects = apps.get_model("wenyou", "RunSubject").objects
    for run in apps.get_model("wenyou", "Run").objects.values_list("pk", flat=True):
        rows = list(subjects.filter(run_id=run).only("pk", "figures"))
        columns = {}
        for row in rows:
            for key, text in row.figures.items():
                if text not in ("", "—"):
                    columns.setdefault(key, set()).add(number(text))
        places = {
            key: {one: place for place, one in enumerate(sorted(values))}
            for key, values in columns.items()
        }
        for row in rows:
            row.orders = {
                key: places[key][number(text)]
                for key, text in row.figures.items()
                if text not in ("", "—")
            }
        subjects.bulk_update(rows, ["orders"], batch_size=BATCH)


class Migration(migrations.Migration):

    dependencies = [("wenyou", "0006_stored_plan_and_contests")]

    operations = [
        migrations.RunPython(keep_plans, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(order_figures, migrations.RunPython.noop, elidable=True),
    ]
