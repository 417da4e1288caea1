"""Projects: a team's repository and its board."""
