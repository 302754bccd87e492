"""Reads about rounds, teams and engagements."""

from tanzhao.inspections.queries.roles import team_role_of

__all__ = ["team_role_of"]
