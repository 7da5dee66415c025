"""How the camp's service refuses: one sentence in ``detail``, whatever the reason."""

from typing import Any

from pydantic import BaseModel, Field


class Problem(BaseModel):
    """Say what went wrong and what to do next."""

    detail: str = Field(description="A sentence for the person who asked.")


def documented(reasons: dict[int, str]) -> dict[int | str, dict[str, Any]]:
    """Document the statuses with which an endpoint refuses, for FastAPI."""
    return {
        status: {"model": Problem, "description": reason}
        for status, reason in reasons.items()
    }
