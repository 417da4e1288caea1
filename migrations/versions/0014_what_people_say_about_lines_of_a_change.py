"""What people say about lines of a change."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('line_threads',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('commit_sha', sa.String(length=64), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('side', sa.Enum('old', 'new', name='side', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('first_line', sa.Integer(), nullable=False),
    sa.Column('last_line', sa.Integer(), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('started_by_id', sa.Uuid(), nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('first_line >= 1 AND last_line >= first_line', name=op.f('ck_line_threads_lines_in_order')),
    sa.ForeignKeyConstraint(['request_id'], ['requests.id'], name=op.f('fk_line_threads_request_id_requests'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['resolved_by_id'], ['users.id'], name=op.f('fk_line_threads_resolved_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['started_by_id'], ['users.id'], name=op.f('fk_line_threads_started_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_line_threads'))
    )
    with op.batch_alter_table('line_threads', schema=None) as batch_op:
        batch_op.create_index('ix_line_threads_request_id', ['request_id'], unique=False)

    op.create_table('line_comments',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('thread_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_line_comments_author_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['thread_id'], ['line_threads.id'], name=op.f('fk_line_comments_thread_id_line_threads'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_line_comments'))
    )
    with op.batch_alter_table('line_comments', schema=None) as batch_op:
        batch_op.create_index('ix_line_comments_thread_id', ['thread_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('line_comments', schema=None) as batch_op:
        batch_op.drop_index('ix_line_comments_thread_id')

    op.drop_table('line_comments')
    with op.batch_alter_table('line_threads', schema=None) as batch_op:
        batch_op.drop_index('ix_line_threads_request_id')

    op.drop_table('line_threads')
