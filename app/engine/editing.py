"""From a commit to a server that shows its files while they are edited; started like everything else."""

from app.core.installation import installation
from app.engine.builds import Report, build
from app.engine.logs import Log
from app.engine.plans import plan_for
from app.engine.plans.dev import DevPlan, dev_plan
from app.engine.repositories import Repository
from app.engine.serving import Cancelled, Place, Prepared, clear


def lay_out(repository: Repository, commit: str, place: Place, *, report: Report) -> DevPlan:
    """Lay the files of a commit out and say how they are served while they are edited."""
    with Log(place.log_path, place.secrets.values()) as log:
        report(phase="hydrating", progress=5, message=f"Fetching the files of {commit[:8]}")
        log.line(f"Fetching the files of {commit[:8]}", stream="step")
        clear(place.folder)
        for skipped in repository.checkout(commit, place.folder).skipped:
            log.line(f"Left out {skipped.path}: {skipped.reason}")
        files = repository.files(commit)

        def read(path: str) -> bytes:
            return repository.blob(commit, path)

        plan = plan_for(files, read, root=place.root, wishes=place.wishes)
        found = dev_plan(plan, files, read)
        for reason in found.plan.reasons:
            log.line(reason)
    return found


def install(dev: DevPlan, place: Place, *, report: Report, cancelled: Cancelled) -> Prepared:
    """Install what the server needs; raises Failed with the reason and the lines that matter."""
    with Log(place.log_path, place.secrets.values()) as log:
        built = build(
            dev.plan,
            place.folder,
            cache=installation().caches / str(place.project_id),
            log=log,
            report=report,
            cancelled=cancelled,
            limits=installation().build_limits,
            env={**place.env, **place.secrets},
        )
    return Prepared(dev.plan, built)
