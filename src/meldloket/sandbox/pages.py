"""The look that the doubles share: one base page with the band "nagebouwde dienst, niet echt"."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

HERE = Path(__file__).parent
_environment = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Renders `templates/<template>` (which extends `base.html`) with the request and the given context."""
    return HTMLResponse(_environment.get_template(template).render(request=request, **context), status)


def static_mount() -> Mount:
    """Every double serves the shared style sheet under /static/."""
    return Mount("/static", StaticFiles(directory=HERE / "static"), name="static")
