"""What a municipality configures, as rows that an administrator edits: nothing of it is code."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Municipality(models.Model):
    """The one municipality of this installation: name, codes, boundary, how it writes itself."""

    name = models.CharField("naam", max_length=200)
    nis = models.CharField("NIS-code", max_length=5)
    former_nis = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    postcodes = ArrayField(models.CharField(max_length=4), default=list, blank=True, verbose_name="postcodes")
    organisation_code = models.CharField("KBO-nummer", max_length=40)
    phone = models.CharField("telefoon", max_length=40, blank=True)
    email = models.EmailField("e-mailadres", blank=True)
    website = models.URLField("website", blank=True)
    street = models.CharField("straat", max_length=200, blank=True)
    street_number = models.CharField("huisnummer", max_length=4, blank=True)
    postcode = models.CharField("postcode", max_length=4, blank=True)
    boundary: models.JSONField[dict[str, Any]] = models.JSONField(default=dict, blank=True)  # GeoJSON
    neighbours: models.JSONField[dict[str, Any]] = models.JSONField(default=dict, blank=True)  # GeoJSON, name
    authorities: models.JSONField[dict[str, Any]] = models.JSONField(default=dict, blank=True)  # GeoJSON, name
    centre_latitude = models.FloatField(default=51.05)
    centre_longitude = models.FloatField(default=3.55)
    show_staff_names = models.BooleanField("namen van medewerkers tonen aan de melder", default=False)
    allow_anonymous = models.BooleanField("melden zonder aanmelden toelaten", default=False)
    prefill_purpose = models.CharField("doel van de opvraging bij MAGDA", max_length=200, blank=True)
    prefill = models.BooleanField("gegevens vooraf invullen uit het Rijksregister", default=True)
    answer_days = models.PositiveSmallIntegerField("werkdagen om een vraag te beantwoorden", default=10)
    react_days = models.PositiveSmallIntegerField("dagen om te reageren na het afsluiten", default=14)
    evaluate = models.BooleanField("melders om een evaluatie vragen", default=True)
    evaluate_after = models.PositiveSmallIntegerField("evaluatie vragen: dagen na het afsluiten", default=3)
    evaluate_remind = models.PositiveSmallIntegerField("herinnering aan de evaluatie: dagen na de vraag", default=7)
    evaluate_days = models.PositiveSmallIntegerField("evaluatie invullen: hoogstens dagen na de vraag", default=30)
    # Names in linked data that Flanders gave; empty: addresses of our own.
    unit_uri = models.URLField("URI van de bestuurseenheid", blank=True)
    area_uri = models.URLField("URI van het werkingsgebied", blank=True)
    college_uri = models.URLField("URI van het college (deze bestuursperiode)", blank=True)
    council_uri = models.URLField("URI van de gemeenteraad (deze bestuursperiode)", blank=True)

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department (*dienst*) to which reports are routed. `kind` complaint: the queue of complaints."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField("naam", max_length=120)
    email = models.EmailField("e-mailadres", blank=True)
    head_email = models.EmailField(
        "e-mailadres van het diensthoofd",
        blank=True,
        help_text="Krijgt bericht als een soort melding ongewoon stijgt. Leeg: het e-mailadres van de dienst.",
    )
    phone = models.CharField("telefoon", max_length=40, blank=True)
    handles_complaints = models.BooleanField("behandelt klachten", default=False)
    active = models.BooleanField("actief", default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PublicLevel(models.TextChoices):
    """What machines and the public may read of a report of this category; the reporter's identity is never in it."""

    NOTHING = "nothing", "niets"
    STATUS = "status", "soort, plaats en status"
    TEXT = "text", "ook de tekst van de melding"


class Category(models.Model):
    """A kind of report. Names in other languages stand in `translations`: {"en": {"name": …, "description": …}}."""

    code = models.SlugField(max_length=60, unique=True)
    main_category = models.CharField("hoofdcategorie", max_length=120)
    name = models.CharField("naam", max_length=120)
    description = models.CharField("omschrijving", max_length=400, blank=True)
    translations: models.JSONField[dict[str, dict[str, str]]] = models.JSONField(default=dict, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, verbose_name="dienst")
    target_days = models.PositiveSmallIntegerField("streeftermijn (werkdagen)", default=10)
    final_days = models.PositiveSmallIntegerField("uiterste termijn (werkdagen)", default=20)
    often_advised_by = models.CharField("vaak advies van", max_length=120, blank=True)
    may_need_decision = models.BooleanField("kan een besluit vragen", default=False)
    product = models.CharField("IPDC-product", max_length=20, blank=True)
    public_level = models.CharField(
        "openbaar voor andere systemen (Open311)", max_length=10, choices=PublicLevel.choices, default=PublicLevel.STATUS
    )
    keep_months = models.PositiveSmallIntegerField(
        "persoonsgegevens bewaren na het einde (maanden)",
        default=24,
        help_text="Daarna wist Meldloket de persoonsgegevens; de melding zelf blijft voor de cijfers.",
    )
    group_metres = models.PositiveSmallIntegerField("zelfde probleem: binnen (meter)", default=50)
    group_days = models.PositiveSmallIntegerField("zelfde probleem: hoogstens (dagen oud)", default=60)
    active = models.BooleanField("actief", default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class CategoryQuestion(models.Model):
    """A question of a category, asked in the form and shown to the handler with its answer."""

    class Kind(models.TextChoices):
        TEXT = "text", "korte tekst"
        CHOICE = "choice", "één keuze"
        YES_NO = "yes_no", "ja of nee"
        NUMBER = "number", "getal"

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="questions")
    code = models.SlugField(max_length=60)
    label = models.CharField("vraag", max_length=300)
    hint = models.CharField("uitleg", max_length=300, blank=True)
    kind = models.CharField("soort", max_length=10, choices=Kind.choices, default=Kind.TEXT)
    options = ArrayField(models.CharField(max_length=120), default=list, blank=True, verbose_name="keuzes")
    translations: models.JSONField[dict[str, dict[str, Any]]] = models.JSONField(default=dict, blank=True)
    required = models.BooleanField("verplicht", default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["category", "code"], name="question_code_once")]

    def __str__(self) -> str:
        return self.label


class Area(models.Model):
    """A part of the municipality, as a polygon (GeoJSON geometry)."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField("naam", max_length=120)
    geometry: models.JSONField[dict[str, Any]] = models.JSONField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ClosingDay(models.Model):
    """A day on which the municipality does not work, beside weekends and the public holidays."""

    day = models.DateField("dag", unique=True)
    name = models.CharField("naam", max_length=120)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.name} ({self.day:%d/%m/%Y})"


class AdviceService(models.Model):
    """A service that gives advice (B2.5, B2.6): a department of the municipality, or a partner such as the police zone.
    Its people are the accounts of its organisation (external) or of its department (internal); whoever has no account
    answers by a personal link that goes to `email` or `mobile`."""

    class Kind(models.TextChoices):
        INTERNAL = "internal", "dienst van de gemeente"
        EXTERNAL = "external", "externe partner"

    class Way(models.TextChoices):
        LOGIN = "login", "meldt zich aan (ACM/IDM)"
        LINK = "link", "antwoordt via een persoonlijke link"
        API = "api", "heeft een eigen systeem (API)"

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField("naam", max_length=120)
    kind = models.CharField("soort", max_length=10, choices=Kind.choices, default=Kind.EXTERNAL)
    way = models.CharField("hoe de dienst antwoordt", max_length=10, choices=Way.choices, default=Way.LOGIN)
    organisation_code = models.CharField("KBO-nummer", max_length=40, blank=True)
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, verbose_name="dienst van de gemeente"
    )
    email = models.EmailField("e-mailadres", blank=True)
    mobile = models.CharField("gsm-nummer voor codes", max_length=20, blank=True)
    term_days = models.PositiveSmallIntegerField("termijn (werkdagen)", default=10)
    takes_late = models.BooleanField(
        "mag na de termijn nog antwoorden",
        default=False,
        help_text="Anders vraagt de dienst de behandelaar eerst om meer tijd.",
    )
    active = models.BooleanField("actief", default=True)

    class Meta:
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name


class OtherSystem(models.Model):
    """Other software in which tasks are really handled (B4.4), reached through an adapter. `settings` holds what the
    adapter needs (address, jurisdiction, service code, status map); keys stand encrypted with people.ApiClient."""

    class Adapter(models.TextChoices):
        OPEN311 = "open311", "Open311 GeoReport v2"
        WEBHOOK = "webhook", "Ondertekende webhook (CloudEvents)"
        EMAIL = "email", "E-mail met antwoordlink"

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField("naam", max_length=120)
    adapter = models.CharField("koppeling", max_length=10, choices=Adapter.choices)
    url = models.URLField("adres", blank=True)
    email = models.EmailField("e-mailadres", blank=True)
    departments = models.ManyToManyField(Department, blank=True, verbose_name="voor de diensten")
    settings: models.JSONField[dict[str, Any]] = models.JSONField("instellingen", default=dict, blank=True)
    answer_days = models.PositiveSmallIntegerField("verwacht antwoord binnen (werkdagen)", default=5)
    active = models.BooleanField("actief", default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
