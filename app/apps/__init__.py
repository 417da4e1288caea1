"""Apps: what is live. A project's repository is its first app, its main branch that app's default version."""
