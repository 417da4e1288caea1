"""Development: one run of a coding agent, or of a person, on a request's branch."""
