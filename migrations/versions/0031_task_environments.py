"""Task environments"""

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('tasks',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_tasks_organization_id_organizations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tasks')),
    sa.UniqueConstraint('organization_id', 'name', name=op.f('uq_tasks_organization_id_name'))
    )
    op.create_table('task_versions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('task_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.String(length=80), nullable=False),
    sa.Column('major', sa.Integer(), nullable=False),
    sa.Column('minor', sa.Integer(), nullable=False),
    sa.Column('patch', sa.Integer(), nullable=False),
    sa.Column('is_prerelease', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('said', sa.JSON(), nullable=False),
    sa.Column('commit_sha', sa.String(length=64), nullable=False),
    sa.Column('source', sa.String(length=300), server_default='', nullable=False),
    sa.Column('published_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('built', sa.JSON(), nullable=True),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['published_by_id'], ['users.id'], name=op.f('fk_task_versions_published_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_task_versions_task_id_tasks'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_versions')),
    sa.UniqueConstraint('task_id', 'version', name=op.f('uq_task_versions_task_id_version'))
    )
    op.create_table('environments',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.Column('task_version_id', sa.Uuid(), nullable=False),
    sa.Column('task_ref', sa.String(length=250), nullable=False),
    sa.Column('created_by_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.Enum('building', 'provisioning', 'ready', 'paused', 'torn_down', 'failed', name='environmentstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('inputs', sa.JSON(), nullable=False),
    sa.Column('secret_ids', sa.JSON(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('token', sa.Text(), nullable=True),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('service_urls', sa.JSON(), nullable=True),
    sa.Column('verification', sa.JSON(), nullable=True),
    sa.Column('run_id', sa.Uuid(), nullable=True),
    sa.Column('error_code', sa.String(length=60), nullable=True),
    sa.Column('error_message', sa.Text(), nullable=True),
    sa.Column('error_suggestion', sa.Text(), nullable=True),
    sa.Column('error_lines', sa.JSON(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ready_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state IN ('torn_down', 'failed')) = (ended_at IS NOT NULL)", name=op.f('ck_environments_end')),
    sa.CheckConstraint("state != 'failed' OR error_message IS NOT NULL", name=op.f('ck_environments_failed_why')),
    sa.CheckConstraint("state NOT IN ('ready', 'paused') OR expires_at IS NOT NULL", name=op.f('ck_environments_up_ends')),
    sa.CheckConstraint("state NOT IN ('torn_down', 'failed') OR token IS NULL", name=op.f('ck_environments_token')),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_environments_created_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_environments_project_id_projects'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name=op.f('fk_environments_run_id_runs'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['task_version_id'], ['task_versions.id'], name=op.f('fk_environments_task_version_id_task_versions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_environments'))
    )
    with op.batch_alter_table('environments', schema=None) as batch_op:
        batch_op.create_index('ix_environments_project_id_created_at', ['project_id', 'created_at'], unique=False)
        batch_op.create_index('ix_environments_state_expires_at', ['state', 'expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_environments_task_version_id'), ['task_version_id'], unique=False)

    with op.batch_alter_table('instances', schema=None) as batch_op:
        batch_op.add_column(sa.Column('outbound', sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('instances', schema=None) as batch_op:
        batch_op.drop_column('outbound')

    with op.batch_alter_table('environments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_environments_task_version_id'))
        batch_op.drop_index('ix_environments_state_expires_at')
        batch_op.drop_index('ix_environments_project_id_created_at')

    op.drop_table('environments')
    op.drop_table('task_versions')
    op.drop_table('tasks')
