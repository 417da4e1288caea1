"""Archives of organizations"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('exports',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=True),
    sa.Column('status', sa.Enum('queued', 'running', 'ready', 'failed', 'cancelled', 'expired', name='exportstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=True),
    sa.Column('size', sa.BigInteger(), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('error_message', sa.Text(), nullable=True),
    sa.Column('made_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status = 'ready') = (digest IS NOT NULL)", name=op.f('ck_exports_ready_file')),
    sa.CheckConstraint("status != 'ready' OR expires_at IS NOT NULL", name=op.f('ck_exports_ready_ends')),
    sa.CheckConstraint("status != 'failed' OR error_message IS NOT NULL", name=op.f('ck_exports_failed_why')),
    sa.CheckConstraint("(status IN ('queued', 'running')) = (ended_at IS NULL)", name=op.f('ck_exports_end')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_exports_organization_id_organizations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_exports_project_id_projects'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name=op.f('fk_exports_run_id_runs'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['made_by_id'], ['users.id'], name=op.f('fk_exports_made_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exports'))
    )
    op.create_index('ix_exports_organization_id_created_at', 'exports', ['organization_id', 'created_at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_exports_organization_id_created_at', table_name='exports')
    op.drop_table('exports')
