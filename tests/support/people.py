"""The characters: Ada asks and owns, Bob develops, Rae requests, Vic looks, Eve is a stranger."""

from app.accounts import operations as accounts
from app.accounts.models import User
from app.core.db import session, transaction
from app.organizations import operations as organizations
from app.organizations.models import Membership, Organization, Role
from app.projects import operations as projects
from app.projects.models import Project, Starter
from app.requests import operations as requests
from app.requests.models import ProductRequest

PASSWORD = "correct horse battery"


class People:
    """Ada's organization with its people, and Eve's with Eve alone; each is made when first asked for."""

    def __init__(self) -> None:
        self.ada = self.make("Ada Admin")
        self.organization = organizations.create_organization("Acme", by=self.ada)
        self.bob = self.make("Bob Builder", role=Role.DEVELOPER)
        self.rae = self.make("Rae Requester", role=Role.REQUESTER)
        self.vic = self.make("Vic Viewer", role=Role.VIEWER)
        self.eve = self.make("Eve Elsewhere")
        self.elsewhere = organizations.create_organization("Elsewhere", by=self.eve)

    def make(self, name: str, *, role: Role | None = None, organization: Organization | None = None) -> User:
        email = f"{name.split(maxsplit=1)[0].lower()}@example.com"
        user = accounts.create_user(email=email, name=name, password=PASSWORD)
        if role is not None:
            with transaction():
                session.add(Membership(user=user, organization=organization or self.organization, role=role))
        return user

    def key(self, user: User, *scopes: str, organization: Organization | None = None) -> str:
        """Make an API key and return its secret."""
        _, secret = accounts.create_api_key(
            user,
            organization_id=(organization or self.organization).id,
            name="tests",
            scopes=scopes or ("read", "write", "admin"),
        )
        return secret

    def project(self, name: str = "Website", *, starter: Starter = Starter.STATIC) -> Project:
        return projects.create_project(self.organization, by=self.ada, name=name, starter=starter)

    def request(
        self, project: Project | None = None, *, by: User | None = None, title: str = "Show opening hours"
    ) -> ProductRequest:
        return requests.file_request(project or self.project(), by=by or self.rae, title=title)
