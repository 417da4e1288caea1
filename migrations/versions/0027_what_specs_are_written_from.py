"""What specs are written from: pages of the web, and the request that they are for"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('spec_bundles',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('spec_id', sa.String(length=24), nullable=False),
    sa.Column('platform', sa.String(length=255), nullable=False),
    sa.Column('pages', sa.JSON(), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['spec_id'], ['specs.id'], name=op.f('fk_spec_bundles_spec_id_specs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spec_bundles')),
    sa.UniqueConstraint('code_digest', name=op.f('uq_spec_bundles_code_digest')),
    sa.UniqueConstraint('spec_id', 'platform', name=op.f('uq_spec_bundles_spec_id_platform'))
    )
    with op.batch_alter_table('specs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('bundle_codes', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('request_id', sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f('ix_specs_request_id'), ['request_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_specs_request_id_requests'), 'requests', ['request_id'], ['id'], ondelete='SET NULL')


def downgrade() -> None:
    with op.batch_alter_table('specs', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_specs_request_id_requests'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_specs_request_id'))
        batch_op.drop_column('request_id')
        batch_op.drop_column('bundle_codes')

    op.drop_table('spec_bundles')
