"""The conversation that turns a request into criteria that can be checked."""
