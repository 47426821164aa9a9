"""What people see of the provider: choose a test person or an organisation, be told why not, be logged out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from meldloket.sandbox.acmidm import people
from meldloket.sandbox.acmidm.clients import Client
from meldloket.sandbox.acmidm.session import LoggedIn, SingleSignOn
from meldloket.sandbox.acmidm.staff import StaffPersona
from meldloket.sandbox.pages import page


class Screens:
    """The pages; forms on them may lead to the addresses in `form_targets` (origins) only."""

    def __init__(self, clients: dict[str, Client], sessions: SingleSignOn, form_targets: Iterable[str]) -> None:
        self.clients, self.sessions = clients, sessions
        origins = " ".join(sorted({f"{url.scheme}://{url.netloc}" for url in map(urlsplit, form_targets)}))
        self._policy = (
            f"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {origins};"
            " base-uri 'none'; frame-ancestors 'none'"
        )

    async def overview(self, request: Request) -> Response:
        """`GET /`: everybody, each with a button that logs in at the product."""
        sections = [
            {
                "client": client,
                "groups": people.groups(client.target_group),
                "current": getattr(self.sessions.find(request, client.target_group), "persona", ""),
            }
            for client in self.clients.values()
        ]
        return self._page(request, "acmidm_overview.html", sections=sections)

    async def log_in_as(self, request: Request) -> Response:
        """`POST /aanmelden-als`, fields `client` and `persona`: starts the provider's session and goes to the product's
        login, which comes back here and finds it."""
        form = await request.form()
        client = self.clients.get(str(form.get("client")))
        person = people.find_person(client.target_group, str(form.get("persona"))) if client else None
        if client is None or person is None:
            return self.refusal(request, "Deze testpersoon bestaat niet of kan zich hier niet aanmelden.")
        answer = RedirectResponse(client.login_url, 303)
        self.sessions.remember(request, answer, client.target_group, LoggedIn(person.key))
        return answer

    def choose_person(
        self, request: Request, client: Client, link: Callable[..., str], acr_values: Iterable[str]
    ) -> Response:
        groups = people.groups(client.target_group, acr_values)
        return self._page(request, "acmidm_person.html", client=client, groups=groups, link=link)

    def choose_organisation(self, request: Request, person: StaffPersona, link: Callable[..., str]) -> Response:
        return self._page(request, "acmidm_organisation.html", person=person, link=link)

    def refusal(self, request: Request, why: str) -> Response:
        """A page instead of a redirect: an address that nobody registered is never followed."""
        return self._page(request, "acmidm_message.html", 400, title="U kunt zich hier niet aanmelden", text=why)

    def logged_out(self, request: Request) -> Response:
        text = "Sluit uw browser als anderen deze computer gebruiken."
        return self._page(request, "acmidm_message.html", title="U bent afgemeld", text=text)

    def form_post(self, request: Request, target: str, answer: dict[str, str]) -> Response:
        return self._page(request, "acmidm_form_post.html", target=target, answer=answer)

    def _page(self, request: Request, template: str, status: int = 200, **context: Any) -> Response:
        answer = page(request, template, status, name=people.name, means=people.means, **context)
        answer.headers["Content-Security-Policy"] = self._policy
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer
