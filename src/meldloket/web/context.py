"""What every page knows: the municipality, who is logged in, the office's places."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def shared(request: HttpRequest) -> dict[str, Any]:
    """Context of every template."""
    return {}
