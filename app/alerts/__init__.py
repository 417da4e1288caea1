"""Telling who runs the installation that a kind of work fails more often than it usually does."""
