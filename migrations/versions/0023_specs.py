"""Specs"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('specs',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=True),
    sa.Column('asked_by_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.Enum('fast_spec', 'deep_spec', name='speckind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('status', sa.Enum('pending', 'processing', 'completed', 'failed', name='specstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('input', sa.Text(), nullable=False),
    sa.Column('context', sa.Text(), nullable=False),
    sa.Column('doc_urls', sa.JSON(), nullable=False),
    sa.Column('output_format', sa.Enum('url', 'markdown', name='outputformat', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('credits', sa.Integer(), nullable=False),
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.Column('document', sa.JSON(), nullable=True),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=True),
    sa.Column('error_message', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status IN ('completed', 'failed')) = (ended_at IS NOT NULL)", name=op.f('ck_specs_end')),
    sa.CheckConstraint("status != 'failed' OR error_message IS NOT NULL", name=op.f('ck_specs_failed_why')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['users.id'], name=op.f('fk_specs_asked_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_specs_organization_id_organizations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_specs_project_id_projects'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name=op.f('fk_specs_run_id_runs'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_specs')),
    sa.UniqueConstraint('code_digest', name=op.f('uq_specs_code_digest'))
    )
    with op.batch_alter_table('specs', schema=None) as batch_op:
        batch_op.create_index('ix_specs_organization_id_created_at', ['organization_id', 'created_at'], unique=False)
        batch_op.create_index('ix_specs_project_id_created_at', ['project_id', 'created_at'], unique=False)

    op.create_table('spec_files',
    sa.Column('spec_id', sa.String(length=24), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('content_type', sa.String(length=100), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['spec_id'], ['specs.id'], name=op.f('fk_spec_files_spec_id_specs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('spec_id', name=op.f('pk_spec_files')),
    sa.UniqueConstraint('code_digest', name=op.f('uq_spec_files_code_digest'))
    )
    op.create_table('spec_versions',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('spec_id', sa.String(length=24), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['users.id'], name=op.f('fk_spec_versions_made_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['spec_id'], ['specs.id'], name=op.f('fk_spec_versions_spec_id_specs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spec_versions')),
    sa.UniqueConstraint('spec_id', 'number', name=op.f('uq_spec_versions_spec_id_number'))
    )


def downgrade() -> None:
    op.drop_table('spec_versions')
    op.drop_table('spec_files')
    with op.batch_alter_table('specs', schema=None) as batch_op:
        batch_op.drop_index('ix_specs_project_id_created_at')
        batch_op.drop_index('ix_specs_organization_id_created_at')

    op.drop_table('specs')
