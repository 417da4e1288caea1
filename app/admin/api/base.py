"""What the endpoints for the admin of the whole installation share."""

from flask import Blueprint

blueprint = Blueprint("admin_api", __name__)
