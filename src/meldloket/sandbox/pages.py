"""The look that the doubles share: one base page with the band "nagebouwde dienst, niet echt"."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

HERE = Path(__file__).parent
_environment = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)


def when(moment: str) -> str:
    """An ISO 8601 moment as people here write it."""
    return f"{datetime.fromisoformat(moment).astimezone(ZoneInfo('Europe/Brussels')):%d/%m/%Y %H:%M}"


_environment.filters["when"] = when


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Renders `templates/<template>` (which extends `base.html`) with the request and the given context."""
    return HTMLResponse(_environment.get_template(template).render(request=request, **context), status)


def static_mount() -> Mount:
    """Every double serves the shared style sheet under /static/."""
    return Mount("/static", StaticFiles(directory=HERE / "static"), name="static")
