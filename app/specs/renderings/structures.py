"""A document as the JSON that programs of the spec API read."""

from typing import Any

from app.specs.document import Document, Graph, Story


def agent_structure(document: Document) -> dict[str, Any]:
    """Write what a coding agent reads."""
    return {
        "title": document.title,
        "executiveSummary": document.executive_summary,
        "coreFunctionalities": [each.model_dump(by_alias=True) for each in document.core_functionalities],
        "techStack": _stack(document),
        "techStackGrouped": _grouped(document),
        "milestones": [
            {
                "milestoneNumber": each.number,
                "description": each.description,
                "stories": [_story(story, hours=False) for story in each.stories],
            }
            for each in document.milestones
        ],
    }


def human_structure(document: Document) -> dict[str, Any]:
    """Write what people read, with who it is for and how long it may take."""
    kinds = sorted({task.kind for story in document.stories for task in story.sub_tasks})
    return {
        **agent_structure(document),
        "personas": [each.model_dump(by_alias=True) for each in document.personas],
        "roles": [{"name": _ROLES[kind], "shortHand": kind} for kind in kinds],
        "sources": [each.model_dump(by_alias=True) for each in document.sources],
        "risks": [each.model_dump(by_alias=True) for each in document.risks],
        "totalHours": document.hours,
        "milestones": [
            {
                "milestoneNumber": each.number,
                "description": each.description,
                "hours": each.hours,
                "stories": [_story(story, hours=True) for story in each.stories],
            }
            for each in document.milestones
        ],
    }


def graph_structure(graph: Graph) -> dict[str, Any]:
    """Write a graph with its nodes and edges; what is not known of one is left out."""
    return graph.model_dump(by_alias=True, exclude_none=True)


_ROLES = {
    "DB": "Database",
    "Infra": "Infrastructure",
    "FE": "Frontend",
    "Frontend": "Frontend",
    "API": "API",
    "Backend": "Backend",
    "Integration": "Integration",
    "Security": "Security",
    "QA": "Quality",
    "Testing": "Quality",
    "Docs": "Documentation",
}


def _stack(document: Document) -> list[dict[str, str]]:
    return [{"name": each.name, "category": each.category} for each in document.tech_stack]


def _grouped(document: Document) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for each in document.tech_stack:
        grouped.setdefault(each.category, []).append(each.name)
    return grouped


def _story(story: Story, *, hours: bool) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": story.id,
        "title": story.title,
        "description": f"As a: {story.role}, I want to: {story.want}, So that: {story.benefit}",
        "acceptanceCriteria": [each.text for each in story.criteria],
        "acceptanceCriteriaStatus": [each.mark.value for each in story.criteria],
        "complexity": story.size.value,
        "status": story.mark.value,
        "subTasks": [
            {
                "id": each.id,
                "description": f"{each.kind}: {each.description}",
                "complexity": each.size.value,
                **({"hours": each.hours, "roles": [each.kind]} if hours else {}),
            }
            for each in story.sub_tasks
        ],
    }
    return {**written, "hours": story.hours} if hours else written
