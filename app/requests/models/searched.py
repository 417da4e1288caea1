"""What of a request is found by its words: what was asked for, the criteria, and what people say of it."""

from app.core.search import Source, searched
from app.requests.models.activity import Activity
from app.requests.models.request import ProductRequest
from app.requests.models.states import ActivityType

REQUEST = searched(
    Source(
        kind="request",
        table=ProductRequest.__tablename__,
        owner="id",
        title="title",
        body=("description", "gherkin_criteria"),
    )
)
COMMENT = searched(
    Source(
        kind="comment",
        table=Activity.__tablename__,
        owner="request_id",
        body=("text",),
        only=("type", ActivityType.COMMENT.value),
    )
)
SEARCHED = (REQUEST.kind, COMMENT.kind)
