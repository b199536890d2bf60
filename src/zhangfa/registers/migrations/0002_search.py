"""The search index and the index of open deadlines: what Django's models cannot say."""

from django.db import migrations

SQLITE = """
CREATE VIRTUAL TABLE registers_search USING fts5(
    body, tokenize="unicode61 remove_diacritics 0 tokenchars '~=.-:_'", detail=none, columnsize=0)
"""
POSTGRES = (
    "CREATE TABLE registers_search (record bigint PRIMARY KEY, body tsvector NOT NULL)",
    "CREATE INDEX registers_search_body ON registers_search USING gin (body)",
)
DUE = """
CREATE INDEX record_open_due ON acts_record (register, county, due_at) WHERE NOT closed AND due_at IS NOT NULL
"""


def make(apps, schema_editor):
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else (SQLITE,):
        schema_editor.execute(statement)
    schema_editor.execute(DUE)


def unmake(apps, schema_editor):
    schema_editor.execute("DROP INDEX record_open_due")
    schema_editor.execute("DROP TABLE registers_search")


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial"), ("acts", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
