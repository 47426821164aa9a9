"""Puts the double of ACM/IDM together: the addresses of specs/identity-and-registers 1.1 and the pages for people."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from meldloket.sandbox.acmidm.authorize import Authorization
from meldloket.sandbox.acmidm.clients import Client, ClientAuthentication
from meldloket.sandbox.acmidm.keys import SigningKeys
from meldloket.sandbox.acmidm.screens import Screens
from meldloket.sandbox.acmidm.session import SingleSignOn
from meldloket.sandbox.acmidm.tokens import Tokens
from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.faults import FaultMiddleware, FaultSwitches
from meldloket.sandbox.pages import static_mount
from meldloket.sandbox.store import Store


def discovery(issuer: str) -> dict[str, object]:
    """The published document. The real one does not list `private_key_jwt` either, though it takes it."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/v1/auth",
        "token_endpoint": f"{issuer}/v1/token",
        "userinfo_endpoint": f"{issuer}/v1/userinfo",
        "jwks_uri": f"{issuer}/v1/keys",
        "introspection_endpoint": f"{issuer}/v1/introspect",
        "end_session_endpoint": f"{issuer}/v1/logout",
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["plain", "S256"],
    }


class Logout:
    """`GET /op/v1/logout` (specs/identity-and-registers 1.9 and 1.10)."""

    def __init__(self, clients: dict[str, Client], sessions: SingleSignOn, screens: Screens) -> None:
        self.clients, self.sessions, self.screens = clients, sessions, screens

    async def endpoint(self, request: Request) -> Response:
        """Ends the session, or with `switch` only the choice of organisation, and goes where the client asks."""
        query = request.query_params
        client = self.clients.get(query.get("client_id", ""))
        target, switch = query.get("post_logout_redirect_uri", ""), "switch" in query
        if (target or switch) and client is None:
            return self.screens.refusal(request, "Deze toepassing is niet geregistreerd.")
        if (target or switch) and client is not None and target not in client.post_logout_uris:
            return self.screens.refusal(request, "Het adres om naar terug te keren is niet geregistreerd.")
        if target:
            state = {"state": query["state"]} if "state" in query else {}
            answer: Response = RedirectResponse(f"{target}?{urlencode(state)}" if state else target, 303)
        else:
            answer = self.screens.logged_out(request)
        if switch and client is not None:
            self.sessions.choose_again(request, client.target_group)
        else:
            self.sessions.end(request, answer)
        return answer


def create_app(config: SandboxConfig, clock: Callable[[], float] = time.time) -> Starlette:
    """The double as an ASGI application; its issuer is `{config.url("acmidm")}/op`, so serve it on that port. `clock`:
    seconds since 1970. `app.state` holds `faults`, `store`, `keys` (its `rotate()` makes a new key)."""
    issuer = f"{config.url('acmidm')}/op"
    store, faults = Store(config.store_path("acmidm")), FaultSwitches()
    keys = SigningKeys(store)
    sessions = SingleSignOn(store, clock)
    authentication = ClientAuthentication(config, store, issuer, clock)
    clients = authentication.clients
    screens = Screens(clients, sessions, [config.product_url])
    authorization = Authorization(clients, store, sessions, screens, clock)
    tokens = Tokens(issuer, store, faults, authentication, keys, clock)

    async def metadata(_: Request) -> Response:
        return JSONResponse(discovery(issuer))

    async def public_keys(_: Request) -> Response:
        return JSONResponse(keys.public())

    async def rotate(_: Request) -> Response:
        return JSONResponse({"kid": keys.rotate()})

    app = Starlette(
        routes=[
            Route("/", screens.overview),
            Route("/aanmelden-als", screens.log_in_as, methods=["POST"]),
            Route("/op/.well-known/openid-configuration", metadata),
            Route("/op/v1/auth", authorization.endpoint, methods=["GET", "POST"]),
            Route("/op/v1/token", tokens.token, methods=["POST"]),
            Route("/op/v1/keys", public_keys),
            Route("/op/v1/userinfo", tokens.userinfo, methods=["GET", "POST"]),
            Route("/op/v1/introspect", tokens.introspect, methods=["POST"]),
            Route("/op/v1/logout", Logout(clients, sessions, screens).endpoint),
            Route("/_double/rotate", rotate, methods=["POST"]),
            static_mount(),
        ],
        middleware=[Middleware(FaultMiddleware, switches=faults)],
    )
    app.state.store, app.state.faults, app.state.keys = store, faults, keys
    return app
