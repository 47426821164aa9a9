"""Translations of the pages: collects what is to be translated, compiles what was, and checks that nothing is missing.

Usage: `python scripts/messages.py update | compile | check`. Source texts are Dutch; the catalogues are
src/meldloket/web/locale/<language>/LC_MESSAGES/django.po. No gettext tools are needed."""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "meldloket"
LOCALE = SOURCE / "web" / "locale"
TEMPLATES = SOURCE / "web" / "templates"
LANGUAGES = ("en", "fr", "de")
FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|%d|\{\w+\}")

Message = str | tuple[str, str]


def found_in_code() -> Iterator[tuple[Message, str]]:
    """Texts in calls of the translating functions, with the file in which they stand."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FUNCTIONS:
                texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                if len(texts) == 2 and getattr(node.func, "id", "").startswith("ngettext"):
                    yield (texts[0], texts[1]), path.relative_to(SOURCE).as_posix()
                elif texts:
                    yield texts[0], path.relative_to(SOURCE).as_posix()


def found_in_templates() -> Iterator[tuple[Message, str]]:
    """Texts in `translate` and `blocktranslate`, as Django's own parser reads them (so whitespace is trimmed its way)."""
    from django.template import engines
    from django.template.base import Node
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    loader = engines["django"].engine  # type: ignore[attr-defined]
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        where = path.relative_to(SOURCE).as_posix()
        template = loader.get_template(name)
        nodes: Iterable[Node] = template.nodelist.get_nodes_by_type((TranslateNode, BlockTranslateNode))
        for node in nodes:
            if isinstance(node, TranslateNode):
                literal = getattr(node.filter_expression.var, "literal", None)
                if isinstance(literal, str):
                    yield str(literal), where
            else:
                one = node.render_token_list(node.singular)[0]  # type: ignore[attr-defined]
                many = node.render_token_list(node.plural)[0] if node.plural else ""  # type: ignore[attr-defined]
                yield ((one, many) if many else one), where


def collect() -> dict[Message, list[str]]:
    """Every text with the files that use it, in a steady order."""
    places: dict[Message, list[str]] = {}
    for message, where in (*found_in_templates(), *found_in_code()):
        if where not in places.setdefault(message, []):
            places[message].append(where)
    return places


def po_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The catalogue of a language, empty when there is none yet."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def update() -> int:
    """Brings the catalogues up to date: new texts come in untranslated, texts that are gone leave."""
    places = collect()
    for language in LANGUAGES:
        old, new = read(language), Catalog(locale=language, charset="utf-8", fuzzy=False)
        for message, files in places.items():
            kept = old.get(message[0] if isinstance(message, tuple) else message)
            new.add(message, kept.string if kept else "", locations=[(name, None) for name in files])
        path = po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            write_po(stream, new, omit_header=False, width=120, include_lineno=False, sort_output=False)
        text = re.sub(
            r'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Report-Msgid-Bugs-To)[^\n]*\n',
            "",
            path.read_text("utf-8"),
            flags=re.M,
        )
        path.write_text(re.sub(r"\A(?:#.*\n)+", "", text), "utf-8")
        print(f"{language}: {len(new)} texts, {sum(1 for row in new if row.id and not _done(row))} to translate")
    return 0


def compile_all() -> int:
    """Writes django.mo beside each django.po, for Django; only what changed."""
    for language in LANGUAGES:
        source = po_file(language)
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        fresh = target.with_suffix(f".mo.{os.getpid()}")
        with fresh.open("wb") as stream:
            write_mo(stream, read(language))
        fresh.replace(target)
    return 0


def problems() -> list[str]:
    """What is wrong with the catalogues, one sentence each; empty when nothing is."""
    places, result = collect(), []
    for language in LANGUAGES:
        catalogue = read(language)
        known = {message.id: message for message in catalogue if message.id}
        result += [f"{language}: not in the catalogue, run `update`: {text!r}" for text in places if text not in known]
        result += [f"{language}: no longer used, run `update`: {text!r}" for text in known if text not in places]
        for message in known.values():
            if not _done(message):
                result.append(f"{language}: not translated: {message.id!r}")
            elif any(sorted(PLACEHOLDER.findall(text)) != _placeholders(message.id) for text in _texts(message.string)):
                result.append(f"{language}: other placeholders than the source: {message.id!r}")
    return result


def _texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _done(message: object) -> bool:
    return all(_texts(message.string)) and bool(message.string) and not message.fuzzy  # type: ignore[attr-defined]


def _placeholders(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return sorted(PLACEHOLDER.findall(_texts(text)[-1]))


def check() -> int:
    """Prints every problem; 1 when there is one."""
    found = problems()
    print("\n".join(found) or "All texts are translated.")
    return 1 if found else 0


def main(arguments: list[str]) -> int:
    """Runs one command; 2 when it is none of them."""
    commands = {"update": update, "compile": compile_all, "check": check}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    if arguments[0] != "compile":
        sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "support.settings")
        import django

        django.setup()
    return commands[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
