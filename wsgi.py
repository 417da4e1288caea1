"""The application, as a WSGI server wants it."""

from app.factory import create_app

app = create_app()
