"""Task environments: a task is published once, and each environment of it is disposable and executable."""
