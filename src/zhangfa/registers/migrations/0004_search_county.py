"""On PostgreSQL the search index also knows its records' county, in order: see ``search.newest_hits``."""

from django.db import migrations

MAKE = (
    "ALTER TABLE registers_search ADD COLUMN county bigint",
    "UPDATE registers_search s SET county = r.county FROM acts_record r WHERE r.id = s.record",
    "CREATE INDEX registers_search_county ON registers_search (county, record)",
)


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in MAKE:
            schema_editor.execute(statement)


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE registers_search DROP COLUMN county")


class Migration(migrations.Migration):
    dependencies = [("registers", "0003_warned")]
    operations = [migrations.RunPython(make, unmake)]
