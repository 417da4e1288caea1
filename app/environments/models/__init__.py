"""Tasks with their versions, and the environments that are made of them."""

from app.environments.models.environment import ENDED, ON_THE_WAY, UP, Environment, EnvironmentState
from app.environments.models.task import Task, TaskVersion

__all__ = ["ENDED", "ON_THE_WAY", "UP", "Environment", "EnvironmentState", "Task", "TaskVersion"]
