"""Where the pages of requests meet that are not the desk's."""

from flask import Blueprint

blueprint = Blueprint("requests", __name__)
