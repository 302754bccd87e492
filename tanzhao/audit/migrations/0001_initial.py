import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Head',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('position', models.PositiveBigIntegerField(default=0)),
                ('hash', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', max_length=64)),
                ('seal', models.CharField(default='', max_length=64)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='head_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('position', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_index=True)),
                ('verb', models.CharField(choices=[('account.signed_in', 'signed in'), ('account.signed_out', 'signed out'), ('account.sign_in_failed', 'failed to sign in'), ('account.opened', 'opened an account'), ('account.changed', 'changed an account'), ('account.password_changed', 'changed a password'), ('account.language_changed', 'changed the language'), ('trail.seen', 'looked at the trail'), ('file.stored', 'stored a file'), ('run.started', 'started a background run'), ('run.finished', 'finished a background run'), ('run.failed', 'a background run failed'), ('pack.installed', 'installed a pack'), ('units.imported', 'imported units'), ('inspectors.imported', 'imported inspectors'), ('ledger.imported', 'imported a ledger'), ('unit.added', 'added a unit'), ('unit.changed', 'changed a unit'), ('inspector.added', 'added a person to the talent pool'), ('inspector.changed', 'changed a person in the talent pool'), ('inspector.id_number_unmasked', 'looked at a full ID number'), ('list.exported', 'exported a list'), ('term.opened', 'opened a term'), ('round.proposed', 'proposed a round'), ('round.changed', 'changed a round'), ('round.moved', 'moved a round on'), ('team.formed', 'formed a team'), ('team.disbanded', 'disbanded a team'), ('member.added', 'took a person into a team'), ('member.removed', 'took a person out of a team'), ('member.changed', "changed a person's role on a team"), ('unit.assigned', 'assigned a unit to a team'), ('unit.withdrawn', 'withdrew a unit from a team'), ('waiver.requested', 'requested a waiver of recusal'), ('waiver.granted', 'granted a waiver of recusal'), ('waiver.denied', 'denied a waiver of recusal'), ('authorisation.drafted', 'drafted an authorisation'), ('authorisation.approved', 'approved an authorisation'), ('authorisation.returned', 'returned an authorisation'), ('authorisation.revoked', 'revoked an authorisation'), ('authorisation.seen', 'downloaded an authorisation'), ('paper.begun', 'began a working paper'), ('paper.changed', 'changed a working paper'), ('paper.seen', 'looked at a working paper'), ('paper.downloaded', 'downloaded a working paper'), ('paper.signed', 'signed a working paper'), ('paper.reviewed', 'reviewed a working paper'), ('paper.approved', 'approved a working paper'), ('paper.checked', 'checked a working paper'), ('paper.returned', 'returned a working paper'), ('paper.voided', 'voided a working paper'), ('evidence.added', 'added evidence'), ('evidence.changed', 'described evidence anew'), ('evidence.removed', 'set evidence aside'), ('evidence.seen', 'looked at evidence'), ('finding.made', 'made a finding'), ('finding.changed', 'changed a finding'), ('report.drafted', 'drafted a report'), ('report.agreed', 'agreed a report'), ('report.approved', 'approved a report'), ('report.returned', 'returned a report'), ('report.seen', 'looked at a report'), ('report.downloaded', 'downloaded a report'), ('feedback.issued', 'issued feedback'), ('feedback.seen', 'looked at feedback'), ('feedback.downloaded', 'downloaded feedback'), ('item.opened', 'opened a rectification item'), ('item.planned', 'planned a rectification item'), ('item.plan_accepted', 'accepted a rectification plan'), ('item.plan_returned', 'returned a rectification plan'), ('item.progressed', 'reported progress of an item'), ('item.claimed', 'claimed that an item is done'), ('item.verified', 'verified an item'), ('item.returned', 'returned an item'), ('item.closed', 'closed an item'), ('item.reopened', 'reopened an item'), ('volume.sealed', 'sealed an archive volume'), ('volume.downloaded', 'downloaded an archive volume')], max_length=60)),
                ('actor_name', models.CharField(max_length=60)),
                ('target_type', models.CharField(max_length=60)),
                ('target_id', models.UUIDField(default=uuid.uuid4)),
                ('target_name', models.CharField(max_length=200)),
                ('scope_id', models.UUIDField(db_index=True, null=True)),
                ('details', models.JSONField(default=dict)),
                ('previous_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['position'],
                'indexes': [models.Index(fields=['target_id', 'position'], name='entry_by_target')],
            },
        ),
    ]
