"""The command line: everything that a person or a unit file starts."""

import argparse
import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.config import Settings

if TYPE_CHECKING:
    from flask import Flask


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and do what it says; returns the exit status."""
    asked = _parser().parse_args(arguments)
    settings = Settings.from_environment()
    answer: int | None = _COMMANDS[asked.command](settings, asked)
    return answer or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="greenroom", description="From a product request to a running preview, on your own server."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    everything = commands.add_parser("up", help="start everything, as one group; Ctrl-C ends all of it")
    everything.add_argument(
        "--service",
        nargs="?",
        const="start",
        choices=("start", "status", "stop", "logs", "remove"),
        help="keep it running without this terminal; with a word, look after what runs so",
    )
    everything.add_argument("--again", action="store_true", help=argparse.SUPPRESS)
    commands.add_parser("web", help="serve the site alone")
    worker = commands.add_parser("worker", help="work on jobs")
    worker.add_argument("queue", nargs="?", choices=("quick", "build", "agent", "all"), default="all")
    commands.add_parser("keeper", help="own this machine's running previews and apps; one a machine")
    commands.add_parser("gateway", help="serve previews and apps by their host names")
    migrate = commands.add_parser("migrate", help="bring the database up to date")
    migrate.add_argument("--check", action="store_true", help="only prove that models and migrations agree")
    wait = commands.add_parser("wait", help="wait until everything is ready")
    wait.add_argument("--seconds", type=float, default=60)
    doctor = commands.add_parser("doctor", help="look for what is wrong; exits 1 when something is")
    doctor.add_argument("--truth", action="store_true", help="compare the database with what exists")
    demo = commands.add_parser("demo", help="fill an organization with a sample project")
    demo.add_argument("--organization", help="its name or address; needed where there are several")
    demo.add_argument("--email", help="in whose name; by default the first admin's")
    demo.add_argument("--remove", action="store_true", help="take everything of the sample away")
    reach = commands.add_parser("reach", help="say who can reach this, and at which address")
    reach.add_argument(
        "--this-computer", action="store_true", help="the way back, where a wrong answer locked you out"
    )
    export = commands.add_parser("export", help="write everything of an organization into one file")
    export.add_argument("organization", metavar="ORGANIZATION", help="its address, as in /acme")
    export.add_argument("project", metavar="PROJECT", nargs="?", help="one of its projects, by its address")
    export.add_argument("--to", metavar="FILE", required=True)
    bring = commands.add_parser("import", help="make an organization of what export wrote")
    bring.add_argument("file", metavar="FILE")
    bring.add_argument("--name", help="what it is called here; by default as in the archive")
    bring.add_argument("--slug", help="its address here; by default as in the archive, where that is free")
    bring.add_argument("--email", help="who becomes an admin of it; by default the first admin")
    _add_accounts(commands)
    return parser


def _add_accounts(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    admin = commands.add_parser("admin", help="make an admin, or let somebody in again").add_subparsers(
        dest="verb", required=True
    )
    create = admin.add_parser("create", help="make an admin, and an organization where there is none")
    create.add_argument("--email", required=True)
    create.add_argument("--password", required=True)
    create.add_argument("--name", default="")
    create.add_argument("--organization", metavar="NAME")
    reset = admin.add_parser("reset-link", help="print a single-use link to a new password, for 24 hours")
    reset.add_argument("--email", required=True)
    key = commands.add_parser("api-key", help="make an API key").add_subparsers(dest="verb", required=True)
    create = key.add_parser("create", help="make a key and print it, alone, on standard output")
    create.add_argument("--email", required=True)
    create.add_argument("--name", required=True)
    create.add_argument("--scopes", default="read,write", help="read, write, admin, separated by commas")
    create.add_argument("--organization", metavar="SLUG", help="needed where the person is in several")


def _up(settings: Settings, asked: argparse.Namespace) -> int:
    if asked.service:
        from app.cli import service

        return service.act(settings, asked.service)
    from app.cli.up import up

    return up(settings, again=asked.again)


def _web(settings: Settings, _: argparse.Namespace) -> None:
    from app.cli import web

    _run_alone(settings)
    web.serve(_app(settings), settings.installation())


def _worker(settings: Settings, asked: argparse.Namespace) -> None:
    from app.cli import worker
    from app.cli.supervisor import Supervisor

    _run_alone(settings)
    _app(settings)
    if asked.queue != "all":
        worker.work(asked.queue)
        return
    gc.disable()
    with Supervisor(log_folder=None, log_level=settings.log_level) as supervisor:
        for child in worker.children(grace=8):
            supervisor.keep(child)
        supervisor.run()


def _keeper(settings: Settings, _: argparse.Namespace) -> None:
    from app.cli import keeper

    _run_alone(settings)
    _app(settings)
    keeper.keep()


def _gateway(settings: Settings, _: argparse.Namespace) -> None:
    from app.cli import gateway

    _run_alone(settings)
    gateway.serve(settings.installation())


def _migrate(settings: Settings, asked: argparse.Namespace) -> None:
    from app.cli import migrate

    app = _app(settings)
    (migrate.check if asked.check else migrate.upgrade)(app)


def _wait(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli.up import await_answer, local_url

    here = settings.installation()
    if await_answer(f"{local_url(here)}/readyz", seconds=asked.seconds):
        return 0
    print(f"{here.url} is not ready after {asked.seconds:g} s; {here.url}/readyz says why.", file=sys.stderr)
    return 1


def _doctor(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli import doctor

    _app(settings)
    return doctor.examine(truth=asked.truth)


def _reach(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli import reach

    return reach.reach(settings, this_computer=asked.this_computer)


def _admin(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli import people

    _app(settings)
    if asked.verb == "reset-link":
        return people.make_reset_link(email=asked.email)
    return people.create_admin(
        email=asked.email, password=asked.password, name=asked.name, organization=asked.organization
    )


def _api_key(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli import people

    _app(settings)
    scopes = [scope.strip() for scope in asked.scopes.split(",") if scope.strip()]
    return people.create_api_key(
        email=asked.email, name=asked.name, scopes=scopes, organization=asked.organization
    )


def _demo(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli import people

    _app(settings)
    return people.make_demo(organization=asked.organization, email=asked.email, remove=asked.remove)


def _export(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli import archives

    _app(settings)
    return archives.export(organization=asked.organization, project=asked.project, to=Path(asked.to))


def _import(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli import archives

    _app(settings)
    return archives.bring_in(Path(asked.file), name=asked.name, slug=asked.slug, email=asked.email)


def _app(settings: Settings) -> "Flask":
    from app.factory import create_app

    return create_app(settings)


def _run_alone(settings: Settings) -> None:
    """Be one process under somebody else's supervision: log to standard error, keep small."""
    from app.cli import logs, processes

    processes.keep_memory_small()
    logs.write_to_terminal(settings.log_level)


_COMMANDS = {
    "up": _up,
    "web": _web,
    "worker": _worker,
    "keeper": _keeper,
    "gateway": _gateway,
    "migrate": _migrate,
    "wait": _wait,
    "doctor": _doctor,
    "reach": _reach,
    "admin": _admin,
    "demo": _demo,
    "api-key": _api_key,
    "export": _export,
    "import": _import,
}
