"""Interviews: the questions that turn a request into criteria and a prompt."""
