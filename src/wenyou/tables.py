"""The tables of a database: made at once where there are none, else brought to today.

Dozens of migrations rebuild the same tables again and again, and Django draws up every model anew
after each of their steps: most of a first start. An empty database has nothing to carry over, so
it gets the tables as the models have them, and every migration counts as applied; or, for the bank
of an older program, as the models were at its migrations. Tests hold both ways against each other.
"""

from __future__ import annotations

from collections.abc import Collection

from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, router
from django.db.migrations.executor import MigrationExecutor


def bring_to_today() -> None:
    """Make the tables, or apply the migrations that are missing."""
    if not made_at_once():
        call_command("migrate", verbosity=0, interactive=False)


def made_at_once(targets: Collection[tuple[str, str]] | None = None) -> bool:
    """Make the tables of an empty database; False, and nothing done, for any other.

    Where ``targets`` name other migrations than the newest, the tables are those of then. They are
    for rows that are brought to today afterwards: what the signal makes waits for that.
    """
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    own = {executor.recorder.Migration._meta.db_table}
    if set(connection.introspection.table_names()) - own or executor.loader.applied_migrations:
        return False
    wanted = newest if targets is None else list(targets)
    older = set(wanted) != set(newest)
    registry = executor.loader.project_state(wanted).apps if older else apps
    plan = executor.migration_plan(wanted)
    executor.recorder.ensure_schema()
    # One transaction: who is cut off here begins anew with an empty database; who is cut off after
    # it lacks what the signal makes, and every start sees to that.
    with connection.schema_editor() as editor:
        for label in sorted(executor.loader.migrated_apps & registry.app_configs.keys()):
            config = registry.get_app_config(label)
            for model in router.get_migratable_models(config, connection.alias):
                if model._meta.can_migrate(connection):
                    editor.create_model(model)
        for migration, _ in plan:
            for app, name in (*migration.replaces, (migration.app_label, migration.name)):
                executor.recorder.record_applied(app, name)
    if older:
        return True
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias, plan=plan)
    return True
