"""Specs: a text becomes a specification, part by part, that people and coding agents read."""
