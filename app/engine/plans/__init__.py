"""Looks at a tree of files and says what it is and how it is built and started, and why."""

from app.engine.plans.choice import plan_for
from app.engine.plans.config import Problem, Setting, problems_in, settings_in
from app.engine.plans.plan import Plan

__all__ = ["Plan", "Problem", "Setting", "plan_for", "problems_in", "settings_in"]
