"""The form's steps as Django forms: every error is a sentence beside its field, and everything else stays filled in."""

from __future__ import annotations

import math
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from meldloket.catalogue.current import catalogue
from meldloket.catalogue.models import CategoryQuestion
from meldloket.intake.text import mobile_number, tidy

LONGEST_TEXT = 5000


class TidyField(forms.CharField):
    """Free text without control characters; null characters are taken out instead of refused."""

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "", lines=self.lines)


def _area(rows: int, **attributes: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attributes})


class WhatForm(forms.Form):
    """What is wrong, in the citizen's own words, and the category that they choose or leave to us."""

    text = TidyField(
        lines=True,
        label=_("Wat wilt u melden?"),
        help_text=_("Beschrijf het probleem in uw eigen woorden. Vermeld geen namen van andere mensen."),
        widget=_area(6, autocomplete="off"),
        max_length=LONGEST_TEXT,
        error_messages={
            "required": _("Beschrijf kort wat er aan de hand is."),
            "max_length": _("Uw tekst telt %(show_value)d tekens; er passen er %(limit_value)d. Kort ze in."),
        },
    )
    category = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text) < 5:
            raise forms.ValidationError(_("Beschrijf met een paar woorden meer wat er aan de hand is."))
        return text

    def clean_category(self) -> str:
        code: str = self.cleaned_data["category"]
        known = {category.code for category in catalogue().active_categories}
        return code if code in known else ""


class WhereForm(forms.Form):
    """The place: a point on the map, or an address without the map."""

    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    address = TidyField(
        required=False,
        max_length=300,
        label=_("Adres of plaats"),
        help_text=_("Bijvoorbeeld: Kerkstraat 12. Of duid de plaats aan op de kaart."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address.says_optional = False  # type: ignore[attr-defined]  # one of address and map is needed
    detail = TidyField(
        required=False,
        max_length=300,
        label=_("Waar precies?"),
        help_text=_("Bijvoorbeeld: aan de bushalte, links van de kerk."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, most in (("latitude", 90), ("longitude", 180)):
            value = data.get(name)
            if value is not None and (not math.isfinite(value) or abs(value) > most):
                self.add_error("address", _("Deze plaats bestaat niet. Duid ze opnieuw aan op de kaart."))
                return data
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            data["latitude"] = data["longitude"] = None
        if data.get("latitude") is None and not data.get("address") and not self.errors:
            self.add_error("address", _("Duid de plaats aan op de kaart, of vul een adres in."))
        return data


class WhenForm(forms.Form):
    """When it was seen; also for what goes on all the time."""

    CHOICES = (
        ("now", _("Het is nu zo")),
        ("today", _("Vandaag")),
        ("date", _("Op een andere dag")),
        ("often", _("Het gebeurt vaak")),
    )
    choice = forms.ChoiceField(
        choices=CHOICES,
        initial="now",
        label=_("Wanneer hebt u het gezien?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wanneer u het gezien hebt.")},
    )
    date = forms.DateField(
        required=False,
        label=_("Welke dag?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Vul een dag in zoals 23/11/2026.")},
    )
    text = TidyField(
        required=False,
        max_length=160,
        label=_("Meer over het tijdstip"),
        help_text=_("Bijvoorbeeld: elke avond na 22 uur."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("choice") == "date" and not data.get("date") and "date" not in self.errors:
            self.add_error("date", _("Vul in op welke dag u het gezien hebt."))
        return data


class MeForm(forms.Form):
    """Name and address, filled in from the register where that is possible; the citizen corrects (B1.3)."""

    first_name = TidyField(max_length=100, label=_("Voornaam"), error_messages={"required": _("Vul uw voornaam in.")})
    last_name = TidyField(max_length=100, label=_("Achternaam"), error_messages={"required": _("Vul uw achternaam in.")})
    street = TidyField(required=False, max_length=150, label=_("Straat"))
    number = TidyField(required=False, max_length=12, label=_("Huisnummer"))
    box = TidyField(required=False, max_length=12, label=_("Bus"))
    postcode = TidyField(required=False, max_length=12, label=_("Postcode"))
    municipality = TidyField(required=False, max_length=100, label=_("Gemeente"))
    country = TidyField(required=False, max_length=60, label=_("Land"), initial="België")

    AUTOCOMPLETE = {
        "first_name": "given-name",
        "last_name": "family-name",
        "street": "address-line1",
        "postcode": "postal-code",
        "municipality": "address-level2",
        "country": "country-name",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in self.AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = value
        # Some people have one name only, and the register says so.
        if self.initial.get("last_name") and not self.initial.get("first_name"):
            self.fields["first_name"].required = False

    def values(self) -> dict[str, Any]:
        """As the draft keeps it: the name, and the address apart."""
        data = self.cleaned_data
        names = ("street", "number", "box", "postcode", "municipality", "country")
        return {
            "first_name": data["first_name"],
            "last_name": data["last_name"],
            "address": {name: data[name] for name in names},
        }


class ContactForm(forms.Form):
    """How we may reach the citizen, and in which language."""

    email = forms.EmailField(
        required=False,
        max_length=254,
        label=_("E-mailadres"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Vul een e-mailadres in zoals naam@voorbeeld.be.")},
    )
    mobile = TidyField(
        required=False,
        max_length=30,
        label=_("Gsm-nummer"),
        help_text=_("Bijvoorbeeld: 0470 12 34 56."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    wants_email = forms.BooleanField(required=False, initial=True, label=_("Stuur mij berichten per e-mail"))
    wants_sms = forms.BooleanField(required=False, label=_("Stuur mij berichten per sms"))
    language = forms.ChoiceField(choices=settings.LANGUAGES, initial="nl", label=_("Taal van de berichten"))

    def __init__(self, *args: Any, must_reach: bool = False, **kwargs: Any) -> None:
        """`must_reach`: without a national number Mijn Burgerprofiel can't tell anything, so we need an address."""
        self.must_reach = must_reach
        super().__init__(*args, **kwargs)

    def clean_mobile(self) -> str:
        typed: str = self.cleaned_data["mobile"]
        if not typed:
            return ""
        number = mobile_number(typed)
        if number is None:
            raise forms.ValidationError(_("Vul een gsm-nummer in zoals 0470 12 34 56."))
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("wants_sms") and not data.get("mobile") and "mobile" not in self.errors:
            self.add_error("mobile", _("Vul uw gsm-nummer in om berichten per sms te krijgen."))
        if self.must_reach and not data.get("email") and not data.get("mobile") and not self.errors:
            self.add_error("email", _("Vul een e-mailadres of een gsm-nummer in: anders kunnen wij u niets laten weten."))
        data["wants_email"] = bool(data.get("wants_email") and data.get("email"))
        if data.get("mobile") and not data["wants_email"] and self.must_reach:
            data["wants_sms"] = True
        return data


class QuestionsForm(forms.Form):
    """The questions of the chosen category, in the citizen's language."""

    def __init__(
        self, *args: Any, questions: tuple[CategoryQuestion, ...] = (), language: str = "nl", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[question.code] = self._field(question, question.translations.get(language, {}))

    @staticmethod
    def _field(question: CategoryQuestion, words: dict[str, Any]) -> forms.Field:
        common: dict[str, Any] = {
            "label": words.get("label", question.label),
            "help_text": words.get("hint", question.hint),
            "required": question.required,
            "error_messages": {"required": _("Beantwoord deze vraag.")},
        }
        if question.kind == CategoryQuestion.Kind.CHOICE:
            shown = words.get("options", question.options)
            choices = list(zip(question.options, shown, strict=False))
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        if question.kind == CategoryQuestion.Kind.YES_NO:
            yes_no = [("ja", _("Ja")), ("nee", _("Nee")), ("weet niet", _("Weet ik niet"))]
            return forms.ChoiceField(choices=yes_no, widget=forms.RadioSelect, **common)
        if question.kind == CategoryQuestion.Kind.NUMBER:
            common["error_messages"]["invalid"] = _("Vul een getal in.")
            return forms.IntegerField(min_value=0, max_value=100000, **common)
        return TidyField(max_length=300, **common)
