"""Our own OpenAPI document against the running product: schemathesis makes calls out of it, good and bad, and no answer may
be an error of ours or one that the document does not know."""

from __future__ import annotations

import httpx
import pytest
import schemathesis
from django.urls import get_resolver
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from meldloket.advice.models import AdviceRequest, Share
from meldloket.api.openapi import document
from meldloket.cases import clock, commands
from meldloket.catalogue import current
from meldloket.catalogue.models import AdviceService
from meldloket.people import api_clients
from meldloket.people.roles import Role
from support import factories as make

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
    ignored_auth,
]
CALLS = settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture
def world(transactional_db):
    """A request for a partner, its token, a report that Open311 shows, and a key for Open311."""
    categories = make.make_catalogue()
    current.forget()
    handler = make.make_staff(Role.HANDLER, departments=("openbare-werken",))
    report = make.submit_report(make.make_citizen(), category=categories["wegdek"])
    commands.declare_admissible(report.case, by=handler.actor, text="Ja.")
    service = AdviceService.objects.create(code="net", name="Net", way=AdviceService.Way.API)
    asked = AdviceRequest.objects.create(
        case=report.case,
        service=service,
        question="Ligt daar een kabel?",
        share=[Share.TEXT, Share.PLACE],
        asked_at=clock.now(),
        due=clock.today(),
    )
    secret = api_clients.create("Net", "oauth", client_id="net", scopes=("advice",), partner="net")[1]
    return {"request": asked, "secret": secret, "key": api_clients.create("App", "open311")[1], "report": report}


@pytest.fixture
def api(live_server, world):
    """Where the product answers, and the headers of a partner."""
    form = {"grant_type": "client_credentials", "client_id": "net", "client_secret": world["secret"]}
    token = httpx.post(f"{live_server.url}/api/v1/token", data=form).raise_for_status().json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "X-Api-Key": world["key"]}
    return {"base_url": live_server.url, "headers": headers, "timeout": 20}


calls = schemathesis.openapi.from_dict(document())


@calls.parametrize()
@CALLS
def test_no_call_gives_an_answer_outside_the_document(case, api):
    case.call_and_validate(checks=CHECKS, **api)


@calls.include(path_regex="request_id|reference|token}|code}").parametrize()
@CALLS
def test_the_same_about_what_really_exists(case, api, world):
    real = {
        "request_id": str(world["request"].public_id),
        "reference": world["report"].reference,
        "token": world["report"].reference,
        "code": "wegdek",
    }
    case.path_parameters.update({name: value for name, value in real.items() if name in case.path_parameters})
    case.call_and_validate(checks=CHECKS, **api)


@calls.include(path_regex="/advies$").parametrize()
@CALLS
def test_what_the_document_forbids_is_refused(case, api):
    case.call_and_validate(checks=[negative_data_rejection], **api)


def test_the_document_names_every_address_for_machines():
    """Whatever is added under /api/ or /open311/ must be described too."""

    def addresses(resolver, prefix=""):
        for entry in resolver.url_patterns:
            route = prefix + str(entry.pattern)
            if hasattr(entry, "url_patterns"):
                yield from addresses(entry, route)
            else:
                yield route

    written = {path.lstrip("/") for path in document()["paths"]}
    for route in addresses(get_resolver()):
        if route.startswith(("api/", "open311/")) and not route.endswith(("openapi.json", "<anything:rest>")):
            plain = route
            for kind in ("str", "slug", "uuid"):
                plain = plain.replace(f"<{kind}:", "{")
            assert plain.replace("<", "{").replace(">", "}") in written, route
