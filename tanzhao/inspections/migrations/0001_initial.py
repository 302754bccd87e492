import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('inspectors', '0001_initial'),
        ('taxonomy', '0001_initial'),
        ('units', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(unique=True, verbose_name='term')),
                ('starts', models.DateField(verbose_name='first day')),
                ('ends', models.DateField(verbose_name='last day')),
                ('committee', models.CharField(max_length=60, verbose_name='committee')),
                ('leading_group', models.CharField(max_length=120, verbose_name='leading group')),
                ('office', models.CharField(max_length=120, verbose_name='inspection office')),
                ('document_prefix', models.CharField(max_length=20, verbose_name='prefix of document numbers')),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='round')),
                ('starts', models.DateField(verbose_name='first day in the field')),
                ('ends', models.DateField(verbose_name='last day in the field')),
                ('focus', models.TextField(blank=True, verbose_name='focus')),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('approved', 'approved'), ('staffed', 'staffed'), ('authorised', 'authorised'), ('in_field', 'in the field'), ('reporting', 'reporting'), ('reported', 'reported'), ('fed_back', 'fed back'), ('rectifying', 'rectifying'), ('assessed', 'assessed'), ('archived', 'archived')], default='proposed', max_length=20)),
                ('proposed_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('assessment', models.TextField(blank=True, verbose_name='assessment')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('frame', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='taxonomy.frame')),
                ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='taxonomy.code')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='inspections.term')),
            ],
            options={
                'ordering': ['-term__number', '-number'],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='team')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='teams', to='inspections.round')),
            ],
            options={
                'ordering': ['round', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Engagement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='engagements', to='units.unit')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='engagements', to='inspections.round')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='engagements', to='inspections.team')),
            ],
            options={
                'ordering': ['team__number', 'unit__position'],
            },
        ),
        migrations.CreateModel(
            name='TeamMember',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('leader', 'team leader'), ('deputy', 'deputy leader'), ('liaison', 'liaison'), ('member', 'member')], default='member', max_length=20)),
                ('inspector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='inspectors.inspector')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='inspections.team')),
            ],
            options={
                'ordering': ['team', 'inspector__name'],
            },
        ),
        migrations.CreateModel(
            name='Waiver',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('rule', models.CharField(max_length=60)),
                ('fact', models.CharField(max_length=300)),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('state', models.CharField(choices=[('requested', 'requested'), ('granted', 'granted'), ('denied', 'denied')], default='requested', max_length=20)),
                ('requested_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision_reason', models.CharField(blank=True, max_length=500, verbose_name='reason of the decision')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('inspector', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waivers', to='inspectors.inspector')),
                ('other', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='inspectors.inspector')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waivers', to='inspections.team')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'ordering': ['requested_at'],
            },
        ),
        migrations.CreateModel(
            name='Authorisation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='document number')),
                ('basis', models.TextField(verbose_name='basis')),
                ('starts', models.DateField(verbose_name='first day')),
                ('ends', models.DateField(verbose_name='last day')),
                ('state', models.CharField(choices=[('drafted', 'drafted'), ('approved', 'approved'), ('revoked', 'revoked')], default='drafted', max_length=20)),
                ('drafted_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('returned_reason', models.CharField(blank=True, max_length=500)),
                ('revoked_reason', models.CharField(blank=True, max_length=500)),
                ('former_numbers', models.JSONField(default=list)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='authorisation', to='inspections.round')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('starts__lte', models.F('ends'))), name='authorisation_starts_before_it_ends'), models.CheckConstraint(condition=models.Q(('approved_by', models.F('drafted_by')), _negated=True), name='authorisation_approver_not_drafter'), models.CheckConstraint(condition=models.Q(models.Q(('approved_by__isnull', True), ('state', 'drafted')), models.Q(models.Q(('state', 'drafted'), _negated=True), ('approved_by__isnull', False)), _connector='OR'), name='authorisation_approved_by_somebody')],
            },
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.UniqueConstraint(fields=('round', 'number'), name='team_once_in_a_round'),
        ),
        migrations.AddConstraint(
            model_name='engagement',
            constraint=models.UniqueConstraint(fields=('round', 'unit'), name='unit_once_in_a_round'),
        ),
        migrations.AddConstraint(
            model_name='teammember',
            constraint=models.UniqueConstraint(fields=('team', 'inspector'), name='member_once_in_a_team'),
        ),
        migrations.AddConstraint(
            model_name='teammember',
            constraint=models.UniqueConstraint(condition=models.Q(('role', 'leader')), fields=('team',), name='team_has_one_leader'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(fields=('term', 'number'), name='round_once_in_a_term'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('starts__lte', models.F('ends'))), name='round_starts_before_it_ends'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', models.F('proposed_by')), _negated=True), name='round_approver_not_proposer'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'proposed'), ('approved_by__isnull', False), _connector='OR'), name='round_beyond_proposed_is_approved'),
        ),
        migrations.AddConstraint(
            model_name='waiver',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', models.F('requested_by')), _negated=True), name='waiver_decider_not_requester'),
        ),
        migrations.AddConstraint(
            model_name='waiver',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('state', 'denied'), _negated=True), ('unit__isnull', False)), fields=('team', 'inspector', 'unit', 'rule'), name='waiver_once_for_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='waiver',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('state', 'denied'), _negated=True), ('other__isnull', False)), fields=('team', 'inspector', 'other', 'rule'), name='waiver_once_for_a_pair'),
        ),
        migrations.AddConstraint(
            model_name='waiver',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('other__isnull', True), ('unit__isnull', False)), models.Q(('other__isnull', False), ('unit__isnull', True)), _connector='OR'), name='waiver_about_a_unit_or_a_pair'),
        ),
        migrations.AddConstraint(
            model_name='waiver',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('state', 'requested')), models.Q(models.Q(('state', 'requested'), _negated=True), ('decided_by__isnull', False)), _connector='OR'), name='waiver_decided_by_somebody'),
        ),
    ]
