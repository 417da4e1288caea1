"""Reads for the admin of the installation: its people, projects, figures, what runs, and the audit log."""
