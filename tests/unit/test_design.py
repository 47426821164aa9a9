"""What every page relies on: colours with contrast, fields tied to their hints and errors, a clean content security policy,
and no class or icon that exists nowhere."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
from django import forms
from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "src" / "meldloket" / "web"
STATIC = WEB / "static" / "meldloket"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
#: E-mail, print and the like may need what pages may not; today there is nothing of it.
PAGES = {str(path.relative_to(WEB / "templates")): path.read_text("utf-8") for path in TEMPLATES}


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_tokens_have_contrast() -> None:
    contrast = script("check_contrast")
    assert contrast.shortfalls([(STATIC / "tokens.css").read_text("utf-8")]) == []


def test_a_bad_theme_is_refused() -> None:
    contrast = script("check_contrast")
    theme = ":root { --ml-primary: #ffd400; }"
    problems = contrast.shortfalls([(STATIC / "tokens.css").read_text("utf-8"), theme])
    assert any("--ml-on-primary on --ml-primary" in problem for problem in problems)


def test_contrast_of_black_and_white() -> None:
    contrast = script("check_contrast")
    assert contrast.ratio("#000", "#ffffff") == pytest.approx(21)
    assert contrast.ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", PAGES)
def test_no_inline_style_or_script(name: str) -> None:
    text = PAGES[name]
    assert not re.search(r"\sstyle\s*=", text)
    assert "<style" not in text
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert " src=" in tag, tag


def classes_in(text: str) -> set[str]:
    found: set[str] = set()
    for value in re.findall(r'class="([^"]*)"', text):
        plain = re.sub(r"\{%.*?%\}", " ", re.sub(r"\S*\{\{.*?\}\}\S*", " ", value))
        found |= {word for word in plain.split() if word.startswith("ml-")}
    return found


def test_every_class_is_styled() -> None:
    sheets = "".join(path.read_text("utf-8") for path in STATIC.glob("*.css"))
    known = set(re.findall(r"\.(ml-[a-zA-Z0-9_-]+)", sheets))
    #: Names for tests and scripts, without a look of their own.
    bare = {"ml-messages", "ml-notice--info", "ml-split", "ml-split__list"}
    bare |= {f"ml-{block}__{part}" for block in ("columns", "case") for part in ("main", "side")}
    unknown = {(name, used) for name, text in PAGES.items() for used in classes_in(text)}
    assert sorted((name, used) for name, used in unknown if used not in known | bare and not used.endswith("--")) == []


def test_every_icon_exists() -> None:
    symbols = set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    used = {icon for text in PAGES.values() for icon in re.findall(r'<c-icon name="([a-z-]+)"', text)}
    used |= {icon for text in PAGES.values() for icon in re.findall(r'<c-[a-z.-]+[^>]* icon="([a-z-]+)"', text)}
    from meldloket.web.context import PLACES
    from meldloket.web.styleguide import SAMPLES
    from meldloket.web.templatetags.meldloket import CATEGORY_ICONS, STATUS_SIGNS

    used |= {icon for _, icon in CATEGORY_ICONS} | {icon for _, icon in STATUS_SIGNS.values()}
    used |= {place[2] for place in PLACES} | set(SAMPLES["icons"])
    assert used - symbols == set()
    assert symbols - set(SAMPLES["icons"]) == set(), "the style guide shows every icon"


def test_every_status_has_a_sign() -> None:
    from meldloket.cases.lifecycle import Status
    from meldloket.web.templatetags.meldloket import STATUS_SIGNS

    assert set(STATUS_SIGNS) == set(Status.values)


class Sample(forms.Form):
    mail = forms.EmailField(label="E-mailadres", help_text="Bijvoorbeeld naam@voorbeeld.be.")
    note = forms.CharField(label="Nota", required=False, widget=forms.Textarea(attrs={"class": "eigen", "rows": 3}))
    choice = forms.ChoiceField(label="Keuze", choices=[("a", "Ja"), ("b", "Nee")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="Akkoord", required=False)


def test_a_field_is_tied_to_hint_and_error() -> None:
    html = Sample({"mail": "x", "choice": "a"})["mail"].as_field_group()
    assert '<label for="id_mail">' in html
    assert 'id="id_mail_helptext"' in html
    assert 'id="id_mail_error"' in html
    assert 'aria-describedby="id_mail_helptext id_mail_error"' in html
    assert 'aria-invalid="true"' in html
    assert "ml-field--invalid" in html
    assert "niet verplicht" not in html


def test_widgets_keep_their_own_attributes() -> None:
    html = Sample()["note"].as_field_group()
    assert 'class="utrecht-textarea utrecht-textarea--html-textarea eigen"' in html
    assert 'rows="3"' in html
    assert "niet verplicht" in html


def test_choices_are_a_fieldset_with_one_label_each() -> None:
    html = Sample()["choice"].as_field_group()
    assert html.count("<fieldset") == 1
    assert html.count("<legend>") == 1
    assert html.count("<label") == 2
    assert html.count("Nee") == 1


def test_markup_in_what_people_typed_is_escaped() -> None:
    html = Sample({"mail": '"><script>x</script>', "choice": "a"})["mail"].as_field_group()
    assert "<script>" not in html


def test_the_error_page_needs_no_context() -> None:
    html = render_to_string("layouts/error.html")
    assert "<main" in html
    assert "Meldloket" in html


def test_category_icons() -> None:
    from meldloket.web.templatetags.meldloket import category_icon

    assert category_icon("Afval en netheid") == "bin"
    assert category_icon("Water en riolering") == "water"
    assert category_icon("Wegen en voetpaden") == "road"
    assert category_icon("Iets anders") == "dots"
    assert category_icon(None) == "dots"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed: the scripts' syntax is not checked here")
@pytest.mark.parametrize("path", sorted((STATIC / "js").glob("*.js")), ids=lambda path: path.name)
def test_scripts_parse(path: Path) -> None:
    done = subprocess.run(
        ["node", "--check", "--input-type=module"],
        input=path.read_bytes(),
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode()


def test_scripts_use_only_words_that_are_translated() -> None:
    known = {
        re.sub(r"-([a-z])", lambda match: match.group(1).upper(), name)
        for name in re.findall(r"data-([a-z-]+)=", PAGES["layouts/words.html"])
    }
    used = {
        name
        for path in (STATIC / "js").glob("*.js")
        for name in re.findall(r"word\(\"([a-zA-Z]+)\"\)", path.read_text("utf-8"))
    }
    assert used - known == set()
    assert known - used <= {"minute", "minutes"}, "words that nothing shows"
