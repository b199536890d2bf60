"""Overlapping bookings of one resource are impossible in the database itself."""

from django.db import migrations

POSTGRESQL = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE acts_booking ADD CONSTRAINT booking_overlap
    EXCLUDE USING gist (resource WITH =, tstzrange(starts, ends) WITH &&);
"""
POSTGRESQL_BACK = "ALTER TABLE acts_booking DROP CONSTRAINT booking_overlap;"

_TRIGGER = """
CREATE TRIGGER booking_overlap_{verb} BEFORE {verb} ON acts_booking
WHEN EXISTS (
    SELECT 1 FROM acts_booking b
    WHERE b.resource = NEW.resource AND b.starts < NEW.ends AND b.ends > NEW.starts AND b.record <> NEW.record
)
BEGIN SELECT RAISE(ABORT, 'booking_overlap'); END
"""
SQLITE = [_TRIGGER.format(verb=verb) for verb in ("INSERT", "UPDATE")]
SQLITE_BACK = [f"DROP TRIGGER booking_overlap_{verb}" for verb in ("INSERT", "UPDATE")]


def forbid_overlaps(apps, editor):
    """Create the constraint or the triggers that this database knows."""
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL)
    else:
        for statement in SQLITE:
            editor.execute(statement)


def allow_overlaps(apps, editor):
    """Take them away again."""
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL_BACK)
    else:
        for statement in SQLITE_BACK:
            editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("acts", "0001_initial")]
    operations = [migrations.RunPython(forbid_overlaps, allow_overlaps)]
