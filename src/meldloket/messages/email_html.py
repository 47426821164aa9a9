"""The HTML face of an e-mail: the plain text that the template made, set in a quiet letter that every mail program
and every screen reader can show. No table, no image, nothing from elsewhere."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlsplit

_DIRECTION = {"ar": "rtl", "fa": "rtl", "he": "rtl", "ur": "rtl"}
_URL = re.compile(r"https?://[^\s<>\"]+")
_LIST_ITEM = re.compile(r"[-*•]\s+")
_TRAILING = ".,;:!?)]}'\""

#: Light colours stand inline, because some mail programs drop the style element; the dark ones overrule them there.
_STYLE = """
:root { color-scheme: light dark; supported-color-schemes: light dark; }
a:focus { outline: 3px solid #b35c00; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  .ground { background: #14181d !important; color: #e8ecf0 !important; }
  .letter { background: #1f262e !important; border-color: #3b4651 !important; }
  .soft { color: #b3bec9 !important; }
  .letter a { color: #9cc7f5 !important; }
  .letter a.go { background: #9cc7f5 !important; color: #0e1a26 !important; }
}
@media (max-width: 480px) {
  .letter { padding: 20px 16px !important; }
  .letter a.go { display: block !important; text-align: center; }
}
@media print { .ground { background: #fff !important; } }
"""
_FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif"


def email_html(subject: str, text: str, *, language: str, municipality: str, link: str = "", link_label: str = "") -> str:
    """A whole HTML document from the plain text of a message.

    A blank line in `text` begins a paragraph, lines with "- " make a list, a web address becomes a link; everything
    else is shown as it stands (escaped). `language`: code of the lang attribute. `link` with `link_label`: the one
    button; it stands where the address stands alone on a line of the text (so that it is not read twice), else under
    the text. Raises ValueError when `link` is no web address."""
    if link and urlsplit(link).scheme not in ("https", "http"):
        raise ValueError("link is no web address")
    paragraphs = _paragraphs(text, link)
    if link and [link] not in paragraphs:
        paragraphs.append([link])
    button = _button(link, link_label or link)
    blocks = [button if link and block == [link] else _block(block) for block in paragraphs]
    title, sender = escape(subject), escape(municipality)
    return f"""<!DOCTYPE html>
<html lang="{escape(language)}" dir="{_DIRECTION.get(language, "ltr")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f0f2f5;color:#1d2733;\
{_FONT};font-size:17px;line-height:1.55">
<div class="ground" style="padding:24px 12px;background:#f0f2f5;color:#1d2733">
<header style="max-width:600px;margin:0 auto 12px">
<p class="soft" style="margin:0;padding:0 4px;font-size:15px;font-weight:600;color:#4a5561">{sender}</p>
</header>
<main class="letter" style="max-width:600px;margin:0 auto;box-sizing:border-box;padding:28px 32px;background:#fff;\
border:1px solid #d5dbe1;border-radius:8px;overflow-wrap:anywhere">
<h1 style="margin:0 0 20px;font-size:22px;line-height:1.3;font-weight:700">{title}</h1>
{"".join(blocks)}</main>
</div>
</body>
</html>
"""


def _paragraphs(text: str, link: str) -> list[list[str]]:
    """The text as blocks of lines; the first line that is only the button's address is a block of its own, a later
    one is left out."""
    blocks: list[list[str]] = [[]]
    for line in (line.strip() for line in text.splitlines()):
        if not line:
            blocks.append([])
        elif not link or line != link:
            blocks[-1].append(line)
        elif [link] not in blocks:
            blocks += [[link], []]
    return [block for block in blocks if block]


def _block(lines: list[str]) -> str:
    """A paragraph; when lines of it begin with a dash, those are a list."""
    html: list[str] = []
    run: list[str] = []
    items: list[str] = []
    for line in [*lines, ""]:
        if line and (mark := _LIST_ITEM.match(line)):
            items.append(line[mark.end() :])
            continue
        if items:
            html += [_text(run), _list(items)]
            run, items = [], []
        run.append(line)
    return "".join([*html, _text(run)])


def _text(lines: list[str]) -> str:
    kept = "<br>\n".join(_linked(line) for line in lines if line)
    return f'<p style="margin:0 0 16px">{kept}</p>\n' if kept else ""


def _list(items: list[str]) -> str:
    inner = "".join(f'<li style="margin:0 0 4px">{_linked(item)}</li>\n' for item in items)
    return f'<ul style="margin:0 0 16px;padding-left:24px">\n{inner}</ul>\n'


def _linked(line: str) -> str:
    """The line escaped, its web addresses made links; the full stop behind an address is not part of it."""
    parts: list[str] = []
    at = 0
    for found in _URL.finditer(line):
        address = found[0].rstrip(_TRAILING)
        shown = escape(address)
        parts.append(escape(line[at : found.start()]))
        parts.append(f'<a href="{shown}" style="color:#14508c">{shown}</a>')
        at = found.start() + len(address)
    return "".join([*parts, escape(line[at:])])


def _button(link: str, label: str) -> str:
    look = "display:inline-block;padding:12px 20px;background:#14508c;color:#fff;border-radius:6px"
    look += ";font-weight:600;text-decoration:none"
    return f'<p style="margin:8px 0 24px"><a class="go" href="{escape(link)}" style="{look}">{escape(label)}</a></p>\n'
