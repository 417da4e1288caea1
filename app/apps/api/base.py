"""Where the endpoints of apps meet."""

from flask import Blueprint

blueprint = Blueprint("apps_api", __name__)
