"""The index of open records under a warning: few of very many, asked for by every workbench."""

from django.db import migrations

WARNED = """
CREATE INDEX record_warned ON acts_record (register, county, updated_at DESC) WHERE NOT closed AND warning <> ''
"""


class Migration(migrations.Migration):
    dependencies = [("registers", "0002_search"), ("acts", "0001_initial")]
    operations = [migrations.RunSQL(WARNED, "DROP INDEX record_warned")]
