"""Files that staff and advisers send along: cleaned and kept, each refusal said beside the page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from meldloket.intake import files


def kept_files(request: HttpRequest, field: str = "files") -> list[int]:
    """Ids of the attachments that became of the files in `field`; they belong to no case yet. What is refused is said."""
    kept = []
    for sent in request.FILES.getlist(field)[: files.MOST_FILES]:
        try:
            found = files.clean(sent.file, sent.name or "", sent.size or 0)
        except files.FileRefused as refused:
            messages.error(request, f"{files.safe_name(sent.name or '', '')}: {refused.reason}")
            continue
        kept.append(files.keep(found, by_reporter=False).pk)
    return kept
