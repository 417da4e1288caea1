"""Previews: a commit, built and running at its own address."""
