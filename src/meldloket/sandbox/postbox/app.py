"""The post box over HTTP: the page for people, the JSON for tests, and the SMS gateway beside them."""

from __future__ import annotations

import base64
import contextlib
import re
import ssl
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.faults import FaultMiddleware, FaultSwitches
from meldloket.sandbox.pages import page, static_mount
from meldloket.sandbox.postbox.gateway import Gateway
from meldloket.sandbox.postbox.post import BRUSSELS, CHANNELS, Post, PostFilter
from meldloket.sandbox.postbox.smtp import start_smtp
from meldloket.sandbox.store import Store

PAGE_SIZE = 25
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; img-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A mail is a stranger's document: no script, no request to anywhere, its links open outside the frame.
_MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline';"
    " img-src data:; form-action 'none'; frame-ancestors 'self'"
)
_NEW_TAB = '<base target="_blank">'


class PostBox:
    """The pages and the JSON over one pile of post."""

    def __init__(self, config: SandboxConfig, post: Post) -> None:
        self.config = config
        self.post = post

    async def overview(self, request: Request) -> Response:
        """`GET /`: newest first. Query: `kanaal`, `naar` (recipient), `zoek`, `voor` (older than this number)."""
        query = request.query_params
        wanted = PostFilter(query.get("kanaal", ""), query.get("naar", ""), query.get("zoek", ""))
        everything = self.post.find()
        found = [message for message in reversed(everything) if wanted.meets(message)]
        before = query.get("voor", "")
        shown = [message for message in found if not before.isdigit() or message["number"] < int(before)]
        answer = page(
            request,
            "postbox.html",
            config=self.config,
            messages=[{**message, "when": _moment(message["received_at"])} for message in shown[:PAGE_SIZE]],
            older=_older_link(request, shown) if len(shown) > PAGE_SIZE else "",
            recipients=sorted({one for message in everything for one in message["recipients"]}),
            wanted=wanted,
            found=len(found),
            total=len(everything),
            last=everything[-1]["number"] if everything else 0,
        )
        answer.headers["Content-Security-Policy"] = _PAGE_POLICY
        return answer

    async def mail_html(self, request: Request) -> Response:
        """`GET /berichten/{id}/html`: the HTML as it was sent, but for the base that opens links in a new tab."""
        message = self.post.get(request.path_params["id"])
        if message is None or not message.get("html"):
            return Response("Dit bericht bestaat niet.", 404, media_type="text/plain")
        html, heads = re.subn(r"(<head\b[^>]*>)", rf"\1{_NEW_TAB}", message["html"], count=1, flags=re.IGNORECASE)
        headers = {"Content-Security-Policy": _MAIL_POLICY, "Referrer-Policy": "no-referrer"}
        return HTMLResponse(html if heads else _NEW_TAB + html, headers=headers)

    async def attachment(self, request: Request) -> Response:
        """`GET /berichten/{id}/bijlagen/{position}`: always as a download, whatever the sender calls it."""
        message = self.post.get(request.path_params["id"])
        content = self.post.part(request.path_params["id"], request.path_params["position"])
        if message is None or content is None:
            return Response("Deze bijlage bestaat niet.", 404, media_type="text/plain")
        name = quote(message["attachments"][request.path_params["position"]]["name"], safe="")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "X-Content-Type-Options": "nosniff"}
        return Response(base64.b64decode(content), media_type="application/octet-stream", headers=headers)

    async def newer(self, request: Request) -> Response:
        """`GET /nieuw?na=N`: how many messages came after number N."""
        after = request.query_params.get("na", "0")
        number = int(after) if after.isdigit() else 0
        return JSONResponse({"count": sum(message["number"] > number for message in self.post.find())})

    async def empty(self, request: Request) -> Response:
        """`POST /leegmaken`."""
        self.post.clear()
        return RedirectResponse("/", 303)

    async def messages(self, request: Request) -> Response:
        """`GET /_double/messages?channel=&to=`: everything, parsed, in order of arrival. `DELETE` empties the box."""
        if request.method == "DELETE":
            self.post.clear()
            return Response(status_code=204)
        query = request.query_params
        if query.get("channel", "") not in ("", *CHANNELS):
            return JSONResponse({"error": f"channel is one of {', '.join(CHANNELS)}"}, 400)
        return JSONResponse(self.post.find(PostFilter(query.get("channel", ""), query.get("to", ""))))


def create_app(config: SandboxConfig, *, smtp: bool = False, smtp_tls: ssl.SSLContext | None = None) -> Starlette:
    """The post box's web application. `smtp`: also run the SMTP server on `config.port("smtp")` while it lives (for
    tests; the runner starts it by itself), with STARTTLS when `smtp_tls` is given. `app.state` holds `store` and
    `faults`, which `start_smtp` needs."""
    store, faults = Store(config.store_path("postbox")), FaultSwitches()
    post = Post(store)
    box, gateway = PostBox(config, post), Gateway(post, faults)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        server = await start_smtp(config, store, faults, tls=smtp_tls) if smtp else None
        try:
            yield
        finally:
            if server is not None:
                server.close()
            store.close()

    app = Starlette(
        routes=[
            Route("/", box.overview),
            Route("/nieuw", box.newer),
            Route("/leegmaken", box.empty, methods=["POST"]),
            Route("/berichten/{id}/html", box.mail_html),
            Route("/berichten/{id}/bijlagen/{position:int}", box.attachment),
            Route("/_double/messages", box.messages, methods=["GET", "DELETE"]),
            Route("/sms/v1/messages", gateway.send, methods=["POST"]),
            static_mount(),
        ],
        middleware=[Middleware(FaultMiddleware, switches=faults)],
        lifespan=lifespan,
    )
    app.state.store, app.state.faults = store, faults
    return app


def _moment(received_at: str) -> dict[str, Any]:
    """The moment of arrival as people write it, the day left out when it is today."""
    moment = datetime.fromisoformat(received_at)
    today = moment.date() == datetime.now(BRUSSELS).date()
    return {"iso": received_at, "text": f"{moment:%H:%M:%S}" if today else f"{moment:%d/%m/%Y %H:%M}"}


def _older_link(request: Request, shown: list[dict[str, Any]]) -> str:
    return "?" + request.url.include_query_params(voor=shown[PAGE_SIZE - 1]["number"]).query
