"""What boards are expected to have: steps, waits, votes, duplicates, saved views, an archive and guests."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('intake_links',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by_id'], ['users.id'], name=op.f('fk_intake_links_made_by_id_users'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_intake_links_project_id_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake_links')),
    sa.UniqueConstraint('digest', name=op.f('uq_intake_links_digest')),
    sa.UniqueConstraint('project_id', name=op.f('uq_intake_links_project_id'))
    )
    op.create_table('saved_views',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('query', sa.String(length=500), nullable=False),
    sa.Column('is_shared', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_saved_views_owner_id_users'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_saved_views_project_id_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_views')),
    sa.UniqueConstraint('project_id', 'owner_id', 'name', name=op.f('uq_saved_views_project_id_owner_id_name'))
    )
    with op.batch_alter_table('saved_views', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_saved_views_owner_id'), ['owner_id'], unique=False)

    op.create_table('request_steps',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.String(length=200), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('done_by_id IS NULL OR done_at IS NOT NULL', name=op.f('ck_request_steps_done_when')),
    sa.ForeignKeyConstraint(['done_by_id'], ['users.id'], name=op.f('fk_request_steps_done_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['request_id'], ['requests.id'], name=op.f('fk_request_steps_request_id_requests'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_request_steps'))
    )
    with op.batch_alter_table('request_steps', schema=None) as batch_op:
        batch_op.create_index('ix_request_steps_request_id_position', ['request_id', 'position'], unique=False)

    op.create_table('request_votes',
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('through_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['request_id'], ['requests.id'], name=op.f('fk_request_votes_request_id_requests'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['through_id'], ['requests.id'], name=op.f('fk_request_votes_through_id_requests'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_request_votes_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('request_id', 'user_id', name=op.f('pk_request_votes'))
    )
    with op.batch_alter_table('request_votes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_request_votes_through_id'), ['through_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_request_votes_user_id'), ['user_id'], unique=False)

    op.create_table('request_waits',
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('blocker_id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('request_id != blocker_id', name=op.f('ck_request_waits_not_for_itself')),
    sa.ForeignKeyConstraint(['blocker_id'], ['requests.id'], name=op.f('fk_request_waits_blocker_id_requests'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['request_id'], ['requests.id'], name=op.f('fk_request_waits_request_id_requests'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('request_id', 'blocker_id', name=op.f('pk_request_waits'))
    )
    with op.batch_alter_table('request_waits', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_request_waits_blocker_id'), ['blocker_id'], unique=False)

    with op.batch_alter_table('projects', schema=None) as batch_op:
        batch_op.add_column(sa.Column('archive_after_days', sa.Integer(), server_default='0', nullable=False))

    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.add_column(sa.Column('duplicate_of_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('guest_name', sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column('guest_email', sa.String(length=254), nullable=True))
        batch_op.add_column(sa.Column('adopted_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_requests_duplicate_of_id'), ['duplicate_of_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_requests_duplicate_of_id_requests'), 'requests', ['duplicate_of_id'], ['id'], ondelete='SET NULL')
        batch_op.create_check_constraint('duplicate_is_dropped', "duplicate_of_id IS NULL OR status = 'cancelled'")
        batch_op.create_check_constraint('adopted_from_whom', 'adopted_at IS NULL OR guest_name IS NOT NULL')


def downgrade() -> None:
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.drop_constraint('adopted_from_whom', type_='check')
        batch_op.drop_constraint('duplicate_is_dropped', type_='check')
        batch_op.drop_constraint(batch_op.f('fk_requests_duplicate_of_id_requests'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_requests_duplicate_of_id'))
        batch_op.drop_column('adopted_at')
        batch_op.drop_column('guest_email')
        batch_op.drop_column('guest_name')
        batch_op.drop_column('archived_at')
        batch_op.drop_column('duplicate_of_id')

    with op.batch_alter_table('projects', schema=None) as batch_op:
        batch_op.drop_column('archive_after_days')

    with op.batch_alter_table('request_waits', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_request_waits_blocker_id'))

    op.drop_table('request_waits')
    with op.batch_alter_table('request_votes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_request_votes_user_id'))
        batch_op.drop_index(batch_op.f('ix_request_votes_through_id'))

    op.drop_table('request_votes')
    with op.batch_alter_table('request_steps', schema=None) as batch_op:
        batch_op.drop_index('ix_request_steps_request_id_position')

    op.drop_table('request_steps')
    with op.batch_alter_table('saved_views', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_saved_views_owner_id'))

    op.drop_table('saved_views')
    op.drop_table('intake_links')
