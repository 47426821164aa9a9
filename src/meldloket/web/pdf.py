"""Pages on paper: HTML of our own made into PDF. Nothing is fetched while it is made, so no text can reach the network."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from PIL import ImageFile


class NoPdf(Exception):
    """This machine can't make PDFs. The text is Dutch, and says what is missing."""


def _refuse(url: str, *args: Any, **kwargs: Any) -> Any:
    raise ValueError("nothing is fetched for a PDF")


def render_pdf(template: str, context: dict[str, Any], style: str) -> bytes:
    """The template as PDF/UA-1 (tagged, so that a screen reader can read it); `style`: CSS. Raises NoPdf where Debian's
    pango is missing."""
    try:
        from weasyprint import CSS, HTML
    except OSError as error:
        raise NoPdf("Op deze server ontbreekt pango (libpango-1.0-0, libpangoft2-1.0-0).") from error
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint turns it on for the whole process; our uploads must be whole
    html = HTML(string=render_to_string(template, context), url_fetcher=_refuse)
    made: bytes = html.write_pdf(pdf_variant="pdf/ua-1", stylesheets=[CSS(string=style)])
    return made
