"""What runs periodically: one table. Each is called by the keeper, by one machine at a time."""

from collections.abc import Callable
from typing import NamedTuple

from app.admin import operations as admin
from app.alerts import operations as alerts
from app.apps import operations as apps
from app.archives import operations as archives
from app.demo import operations as demo
from app.development import operations as development
from app.environments import operations as environments
from app.letters import operations as letters
from app.organizations import operations as organizations
from app.previews import operations as previews
from app.requests import operations as requests
from app.reviews import operations as reviews
from app.webhooks import operations as webhooks


class Due(NamedTuple):
    """Something to be done again and again: its name, what it calls, its pace in seconds.

    Without a pace it sets right what a crash left behind, as often as the reconciler does.
    """

    name: str
    do: Callable[[], object]
    seconds: float | None = None


TABLE = (
    Due("expire-previews", previews.expire_previews),
    Due("rebuild-missing-previews", previews.rebuild_what_is_missing),
    Due("expire-environments", environments.expire_environments),
    Due("remove-left-over-environments", environments.remove_left_over),
    Due("keep-environments-warm", environments.keep_warm, 60),
    Due("settle-branches", previews.settle_branches),
    Due("bound-running-previews", previews.keep_within_bounds),
    Due("settle-merged", reviews.settle_merged),
    Due("sync-waiting-sessions", development.sync_waiting),
    Due("hear-missed-pushes", development.hear_missed_pushes),
    Due("sweep-files", requests.sweep_files, 3600),
    Due("archive-stale", requests.archive_stale, 3600),
    Due("sweep-deliveries", webhooks.sweep_deliveries, 3600),
    Due("watch-failures", alerts.watch_failures, 300),
    Due("catch-up-with-main", apps.catch_up),
    Due("hear-lost-versions", apps.hear_losses),
    Due("check-domains", apps.check_domains, 60),
    Due("sweep-artifacts", apps.sweep_artifacts, 3600),
    Due("settle-preview-sessions", apps.settle_sessions, 5),
    Due("purge-deleted-apps", apps.purge_what_is_over, 3600),
    Due("weigh-files", organizations.weigh_files, 3600),
    Due("go-on-deleting-organizations", admin.go_on_deleting, 10),
    Due("go-on-with-demos", demo.go_on, 3),
    Due("finish-deleting-projects", admin.finish_deleting, 3),
    Due("send-letters-again", letters.send_due, 20),
    Due("forget-old-letters", letters.forget_old_letters, 3600),
    Due("forget-old-exports", archives.forget_old_exports, 3600),
    Due("sweep-imports", archives.sweep_imports, 3600),
    Due("forget-old-audit-lines", admin.forget_old_lines, 3600),
)
