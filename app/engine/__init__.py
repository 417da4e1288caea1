"""Turns (repository, commit) into something that runs; knows no feature and no Flask."""
