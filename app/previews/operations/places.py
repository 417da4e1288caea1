"""Where a preview is served, and what its bar leads to."""

from dataclasses import replace

from app.core.installation import installation
from app.engine.serving import Place
from app.previews.models import Preview
from app.projects.models import Audience, Project
from app.projects.queries import secrets_of, variables_of


def place_of(preview: Preview) -> Place:
    """Return where a preview is served, and what its bar leads to."""
    request = preview.request
    page = f"{installation().url}{request.path}"
    return Place(
        label=preview.label,
        name=preview.name,
        purpose="preview",
        subject_id=str(preview.id),
        project_id=preview.project_id,
        organization_id=request.organization_id,
        status_url=f"{page}/preview",
        bar={
            "title": f"#{request.number} {request.title}",
            "commit": preview.commit_sha,
            "requestUrl": page,
            "acceptUrl": f"{page}/accept?commit={preview.commit_sha}",
            "changeUrl": f"{page}/change?commit={preview.commit_sha}",
            "askUrl": f"{page}/ask?commit={preview.commit_sha}",
        },
    )


def with_variables(place: Place, project: Project) -> Place:
    """Return a place with what the project's previews find in their environment."""
    secrets = secrets_of(project, Audience.PREVIEW)
    values = variables_of(project, Audience.PREVIEW)
    plain = {name: value for name, value in values.items() if name not in secrets}
    return replace(place, env=plain, secrets=secrets)
