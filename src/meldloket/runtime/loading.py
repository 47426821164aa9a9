"""Loading a catalogue from files: the default one that comes along, or a municipality's own folder."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from meldloket.actions.models import ActionTemplate
from meldloket.cases.lifecycle import NotAllowed
from meldloket.cases.models import StandardText
from meldloket.catalogue import current
from meldloket.catalogue.models import AdviceService, Area, Category, CategoryQuestion, Department, Municipality
from meldloket.evaluation.building import drafting, generic, new_form, publish
from meldloket.evaluation.questions import read
from meldloket.messages.templates import load_default_templates
from meldloket.people.roles import SYSTEM

DATA = Path(__file__).resolve().parents[1] / "catalogue" / "data"
COLUMNS = {"code", "main_category", "name", "description", "department", "working_days"}


class CatalogueProblem(Exception):
    """A file can't be used; the text names file, line and what to mend."""


def load(folder: Path | None, *, overwrite: bool, progress: Callable[..., Any]) -> dict[str, int]:
    """Loads categories.csv (with departments), questions.json, texts.json, services.json, actions.json, evaluation.json,
    municipality.json, areas.geojson, neighbours.geojson and authorities.geojson, whichever are there; all or nothing. Gives
    how many of each were written. Raises CatalogueProblem."""
    folder = folder or DATA
    counts: dict[str, int] = {}
    with transaction.atomic():
        counts["categories"] = _categories(folder, overwrite, progress)
        counts["questions"] = _questions(folder, overwrite)
        counts["texts"] = _texts(folder, overwrite)
        counts["advice services"] = _services(folder, overwrite)
        counts["action templates"] = _action_templates(folder, overwrite)
        counts["evaluation forms"] = _evaluation(folder)
        counts["message templates"] = load_default_templates()
        counts["areas"] = _municipality(folder, overwrite)
    current.forget()
    return counts


def _read(folder: Path, name: str) -> Any:
    path = folder / name
    if not path.exists():
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CatalogueProblem(f"{path}: not valid JSON: {error}") from error


def _categories(folder: Path, overwrite: bool, progress: Callable[..., Any]) -> int:
    path = folder / "categories.csv"
    if not path.exists():
        raise CatalogueProblem(f"{path} is missing: a catalogue needs at least its categories.")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if not rows or not set(rows[0]) >= COLUMNS:
        raise CatalogueProblem(f"{path}: the first line must name the columns {', '.join(sorted(COLUMNS))}.")
    translations = _read(folder, "translations.json") or {}
    Department.objects.get_or_create(code="klachten", defaults={"name": "Klachten", "handles_complaints": True})
    written = 0
    for number, row in enumerate(progress(rows, "Categories"), start=2):
        if not row["working_days"].isdigit() or not row["code"] or not row["name"]:
            raise CatalogueProblem(f"{path}, line {number}: code, name and a whole number of working_days are needed.")
        department, _ = Department.objects.get_or_create(
            code=slugify(row["department"]), defaults={"name": row["department"]}
        )
        values = {
            "main_category": row["main_category"],
            "name": row["name"],
            "description": row["description"],
            "translations": translations.get(row["code"], {}),
            "department": department,
            "target_days": int(row["working_days"]),
            "final_days": int(row["working_days"]) * 2,
            "often_advised_by": row.get("often_advised_by", ""),
            "may_need_decision": row.get("may_need_decision") == "yes",
            "order": number,
        }
        written += _write(Category, {"code": row["code"]}, values, overwrite)
    return written


def _write(model: Any, key: dict[str, Any], values: dict[str, Any], overwrite: bool) -> int:
    if overwrite:
        model.objects.update_or_create(**key, defaults=values)
        return 1
    return int(model.objects.get_or_create(**key, defaults=values)[1])


def _questions(folder: Path, overwrite: bool) -> int:
    categories = {category.code: category for category in Category.objects.all()}
    written = 0
    for code, questions in (_read(folder, "questions.json") or {}).items():
        if code not in categories:
            raise CatalogueProblem(f"{folder / 'questions.json'}: there is no category {code!r}.")
        for order, question in enumerate(questions):
            values = {**question, "order": order}
            key = {"category": categories[code], "code": values.pop("code")}
            written += _write(CategoryQuestion, key, values, overwrite)
    return written


def _texts(folder: Path, overwrite: bool) -> int:
    written = 0
    for text in _read(folder, "texts.json") or []:
        key = {"use": text["use"], "reason": text.get("reason", ""), "title": text["title"]}
        written += _write(StandardText, key, {"body": text["body"]}, overwrite)
    return written


def _services(folder: Path, overwrite: bool) -> int:
    written = 0
    rows = _read(folder, "services.json") or (_read(folder / "lindekerke", "services.json") if folder == DATA else None)
    for row in rows or []:
        values = dict(row)
        code = values.pop("department", "")
        values["department"] = Department.objects.filter(code=code).first()
        if code and values["department"] is None:
            raise CatalogueProblem(f"services.json: there is no department {code!r} for {row['code']}.")
        written += _write(AdviceService, {"code": values.pop("code")}, values, overwrite)
    return written


def _action_templates(folder: Path, overwrite: bool) -> int:
    categories = {category.code: category for category in Category.objects.all()}
    written = 0
    for row in _read(folder, "actions.json") or []:
        values = dict(row)
        code = values.pop("category")
        if code is not None and code not in categories:
            raise CatalogueProblem(f"{folder / 'actions.json'}: there is no category {code!r}.")
        key = {"category": categories.get(code), "title": values.pop("title")}
        written += _write(ActionTemplate, key, values, overwrite)
    return written


def _evaluation(folder: Path) -> int:
    """The generic form, once: what is built later is never overwritten."""
    rows = _read(folder, "evaluation.json")
    if rows is None or generic() is not None:
        return 0
    form = new_form("Algemene evaluatie", by=SYSTEM)
    try:
        with drafting(form, by=SYSTEM) as questions:
            questions[:] = read(rows)
        publish(form, by=SYSTEM)
    except (KeyError, ValueError, NotAllowed) as problem:
        raise CatalogueProblem(f"{folder / 'evaluation.json'}: {problem}") from problem
    return 1


def _municipality(folder: Path, overwrite: bool) -> int:
    values = _read(folder, "municipality.json") or _read(folder / "lindekerke", "municipality.json")
    shapes = folder if (folder / "municipality.json").exists() else folder / "lindekerke"
    if values is None:
        return 0
    for name in ("boundary", "neighbours", "authorities"):
        values[name] = _read(shapes, f"{name}.geojson") or {}
    _write(Municipality, {"nis": values.pop("nis")}, values, overwrite)
    areas = _read(shapes, "areas.geojson") or {"features": []}
    written = 0
    for feature in areas["features"]:
        key = {"code": feature["properties"]["code"]}
        shape = {"name": feature["properties"]["name"], "geometry": feature["geometry"]}
        written += _write(Area, key, shape, overwrite)
    return written
