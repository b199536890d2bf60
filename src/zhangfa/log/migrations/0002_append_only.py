"""Append-only in the database itself, and on PostgreSQL the transaction each event was written by."""

from django.db import migrations

COMMITTED = "seq, key, ts, kind, charter, version, register, record, step, person, unit, payload, leaf"

POSTGRESQL = [
    # The sealer's horizon: sequence order is not commit order, so it reads only below pg_snapshot_xmin().
    "ALTER TABLE log_event ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()",
    # What waits for the sealer, found without a look at what is sealed, whatever the planner's statistics say.
    "CREATE INDEX log_event_waiting ON log_event (seq) WHERE position IS NULL",
    """CREATE FUNCTION log_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'the log is append-only: % on log_event is refused', TG_OP; END $$""",
    f"""CREATE TRIGGER log_event_no_change BEFORE UPDATE OF {COMMITTED}, xid ON log_event
        FOR EACH ROW EXECUTE FUNCTION log_event_refuse()""",
    """CREATE TRIGGER log_event_one_position BEFORE UPDATE OF position ON log_event
       FOR EACH ROW WHEN (OLD.position IS NOT NULL) EXECUTE FUNCTION log_event_refuse()""",
    """CREATE TRIGGER log_event_no_delete BEFORE DELETE ON log_event
       FOR EACH ROW EXECUTE FUNCTION log_event_refuse()""",
    """CREATE TRIGGER log_event_no_truncate BEFORE TRUNCATE ON log_event
       FOR EACH STATEMENT EXECUTE FUNCTION log_event_refuse()""",
]

SQLITE = [
    f"""CREATE TRIGGER log_event_no_change BEFORE UPDATE OF {COMMITTED} ON log_event
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: UPDATE on log_event is refused'); END""",
    """CREATE TRIGGER log_event_one_position BEFORE UPDATE OF position ON log_event WHEN OLD.position IS NOT NULL
       BEGIN SELECT RAISE(ABORT, 'the log is append-only: UPDATE on log_event is refused'); END""",
    """CREATE TRIGGER log_event_no_delete BEFORE DELETE ON log_event
       BEGIN SELECT RAISE(ABORT, 'the log is append-only: DELETE on log_event is refused'); END""",
]


def guard(apps, schema_editor):
    """Add what this database offers."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [("log", "0001_initial")]
    operations = [migrations.RunPython(guard)]
