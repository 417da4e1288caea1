"""What organizations look like, may use and use; links by which several people come in."""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('former_slugs',
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_former_slugs_organization_id_organizations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('slug', name=op.f('pk_former_slugs'))
    )
    with op.batch_alter_table('former_slugs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_former_slugs_organization_id'), ['organization_id'], unique=False)

    op.create_table('join_links',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.Enum('viewer', 'requester', 'developer', 'admin', name='role', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('most_uses', sa.Integer(), nullable=False),
    sa.Column('uses', sa.Integer(), server_default='0', nullable=False),
    sa.Column('domain', sa.String(length=253), nullable=True),
    sa.Column('made_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("role != 'admin'", name=op.f('ck_join_links_makes_no_admin')),
    sa.CheckConstraint('uses >= 0 AND uses <= most_uses', name=op.f('ck_join_links_uses_within_bounds')),
    sa.ForeignKeyConstraint(['made_by_id'], ['users.id'], name=op.f('fk_join_links_made_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_join_links_organization_id_organizations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_join_links')),
    sa.UniqueConstraint('digest', name=op.f('uq_join_links_digest'))
    )
    with op.batch_alter_table('join_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_join_links_organization_id'), ['organization_id'], unique=False)

    op.create_table('usage',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('period_start', sa.DateTime(timezone=True), nullable=False),
    sa.Column('token_usage', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('cost_micros', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('storage_bytes', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('weighed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_usage_organization_id_organizations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_usage')),
    sa.UniqueConstraint('organization_id', 'period_start', name=op.f('uq_usage_organization_id_period_start'))
    )
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('any_email', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('organizations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('logo_digest', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('requests_per_month', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('build_minutes_per_month', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('storage_mb', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('leaving_since', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_organizations_logo_digest'), ['logo_digest'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('organizations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organizations_logo_digest'))
        batch_op.drop_column('leaving_since')
        batch_op.drop_column('storage_mb')
        batch_op.drop_column('build_minutes_per_month')
        batch_op.drop_column('requests_per_month')
        batch_op.drop_column('logo_digest')

    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.drop_column('any_email')

    op.drop_table('usage')
    with op.batch_alter_table('join_links', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_join_links_organization_id'))

    op.drop_table('join_links')
    with op.batch_alter_table('former_slugs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_former_slugs_organization_id'))

    op.drop_table('former_slugs')
