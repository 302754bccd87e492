import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Frame',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.SlugField(max_length=60, unique=True)),
                ('kind', models.CharField(max_length=20)),
                ('version', models.CharField(max_length=20)),
                ('label_zh', models.CharField(max_length=120)),
                ('label_en', models.CharField(max_length=120)),
                ('source', models.CharField(max_length=300)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Code',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=60)),
                ('label_zh', models.CharField(max_length=120)),
                ('label_en', models.CharField(max_length=200)),
                ('position', models.PositiveIntegerField()),
                ('synonyms', models.JSONField(default=list)),
                ('about_zh', models.CharField(blank=True, max_length=500)),
                ('about_en', models.CharField(blank=True, max_length=500)),
                ('retired', models.BooleanField(default=False)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='taxonomy.code')),
                ('frame', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='taxonomy.frame')),
            ],
            options={
                'ordering': ['frame', 'position'],
                'constraints': [models.UniqueConstraint(fields=('frame', 'code'), name='code_once_in_a_frame')],
            },
        ),
    ]
