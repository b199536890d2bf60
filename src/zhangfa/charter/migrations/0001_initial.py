# The one table of charters in force.

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='CharterVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('charter', models.CharField(max_length=64)),
                ('version', models.IntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=120)),
                ('text', models.TextField()),
                ('files', models.TextField(default='{}')),
                ('in_force', models.DateField()),
                ('applied_at', models.DateTimeField()),
                ('applied_by', models.BigIntegerField(null=True)),
                ('event', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('charter', 'version'), name='one_text_per_version')],
            },
        ),
    ]
