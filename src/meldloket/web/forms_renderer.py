"""How Django draws our forms: one template per field, and the classes of Utrecht's form controls on the widgets, so that no
page writes labels, hints and errors by hand."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

#: Utrecht's class per widget template.
CLASSES = {
    "text": "utrecht-textbox utrecht-textbox--html-input",
    "email": "utrecht-textbox utrecht-textbox--html-input",
    "number": "utrecht-textbox utrecht-textbox--html-input",
    "date": "utrecht-textbox utrecht-textbox--html-input",
    "datetime": "utrecht-textbox utrecht-textbox--html-input",
    "time": "utrecht-textbox utrecht-textbox--html-input",
    "url": "utrecht-textbox utrecht-textbox--html-input",
    "password": "utrecht-textbox utrecht-textbox--html-input",
    "search": "utrecht-textbox utrecht-textbox--html-input",
    "tel": "utrecht-textbox utrecht-textbox--html-input",
    "textarea": "utrecht-textarea utrecht-textarea--html-textarea",
    "select": "utrecht-select utrecht-select--html-select",
}

#: Lists of choices get rows of which the whole width can be touched.
TEMPLATES = {
    "django/forms/widgets/radio.html": "forms/choices.html",
    "django/forms/widgets/checkbox_select.html": "forms/choices.html",
}


class MeldloketRenderer(TemplatesSetting):
    """Set as FORM_RENDERER. Widgets keep the attributes that a form gives them; a class is put before theirs."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        widget = context.get("widget")
        if widget is not None:
            kind = template_name.rsplit("/", 1)[-1].removesuffix(".html")
            if kind in CLASSES:
                attributes = widget["attrs"]
                attributes["class"] = f"{CLASSES[kind]} {attributes.get('class', '')}".strip()
        return super().render(TEMPLATES.get(template_name, template_name), context, request)
