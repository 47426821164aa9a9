"""The running product for the browser: `meldloket demo` itself, on free ports, with real doubles around it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from support.doubles import free_base_port

ROOT = Path(__file__).parents[2]
AXE = ROOT / "build" / "assets" / "vendor" / "axe" / "axe.min.js"
SHOTS = os.environ.get("SHOTS", "")  # a folder: every page reached is kept there as a picture


@dataclass
class Product:
    """Where everything answers."""

    port: int
    home: Path

    def url(self, part: str = "") -> str:
        offsets = {
            "": 0,
            "control": 1,
            "acmidm": 2,
            "magda": 3,
            "dosis": 4,
            "postbox": 5,
            "smtp": 6,
            "addresses": 7,
            "open311": 8,
            "workorders": 9,
            "minutes": 10,
        }
        return f"http://127.0.0.1:{self.port + offsets[part]}"

    def messages(self, channel: str, to: str = "") -> list[dict[str, Any]]:
        """What arrived in the post box."""
        found = httpx.get(f"{self.url('postbox')}/_double/messages", params={"channel": channel, "to": to}, timeout=10)
        answer = found.json()
        return answer if isinstance(answer, list) else answer["messages"]

    def wait_for_message(self, channel: str, to: str, words: str, seconds: float = 30) -> dict[str, Any]:
        """The first message to `to` that holds `words`; fails when it does not come."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in self.messages(channel, to):
                if words in json.dumps(message, ensure_ascii=False):
                    return message
            time.sleep(0.3)
        raise AssertionError(f"no {channel} to {to} with {words!r}: {self.messages(channel)}")

    def dosis(self) -> dict[str, Any]:
        """Everything that the DOSIS double holds."""
        return httpx.get(f"{self.url('dosis')}/_double/state", timeout=10).json()

    def fault(self, part: str, **fault: Any) -> None:
        """Sets a fault switch of a double; no fields: everything normal again."""
        address = f"{self.url(part)}/_double/faults"
        answer = httpx.put(address, json=fault, timeout=10) if fault else httpx.delete(address, timeout=10)
        answer.raise_for_status()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demonstration with a handful of reports; stopped by Ctrl-C at the end, and nothing may be left of it."""
    home = tmp_path_factory.mktemp("demo")
    home.parent.chmod(0o755)
    home.chmod(0o755)
    port = free_base_port()
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("MELDLOKET_", "DATABASE_URL", "DJANGO_"))
    }
    log = (home / "demo.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "meldloket.runtime", "demo", "--port", str(port), "--home", str(home), "--reports", "12"],
        env={**clean, "PYTHONPATH": str(ROOT / "src")},
        cwd=ROOT,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    running = Product(port, home)
    try:
        deadline = time.monotonic() + 240
        while b"Meldloket runs" not in (home / "demo.log").read_bytes():
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail("the demonstration did not start:\n" + (home / "demo.log").read_text()[-3000:])
            time.sleep(0.3)
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        try:
            code = process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        log.close()
    assert code == 0, (home / "demo.log").read_text()[-2000:]
    with pytest.raises(httpx.ConnectError):
        httpx.get(running.url(), timeout=5)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; never a download of its own."""
    path = next(p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome") if Path(p).exists())
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield running
        running.close()


@dataclass
class Visitor:
    """One person with a browser of their own. Every page that they reach is checked by axe and for refusals of the content
    security policy."""

    context: BrowserContext
    page: Page
    product: Product
    name: str
    problems: list[str] = field(default_factory=list)
    seen: int = 0

    def go(self, path: str, part: str = "") -> None:
        self.page.goto(path if path.startswith("http") else self.product.url(part) + path)

    def check(self, what: str = "") -> None:
        """axe on the page as it stands, WCAG 2.1 A and AA; and a picture when SHOTS is set."""
        self.seen += 1
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            width = self.page.viewport_size["width"]
            self.page.screenshot(path=f"{SHOTS}/{self.name}-{self.seen:02d}-{what or 'page'}-{width}.png", full_page=True)
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes:"
            " ['violations']})).violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160)).join(' | '))"
        )
        assert found == [], f"{self.page.url}: {found}"
        assert self.problems == [], self.problems

    def login(self, persona: str, *, staff: bool = False) -> None:
        """Through ACM/IDM, as a person does: choose who you are on its page."""
        self.go("/aanmelden/medewerker/" if staff else "/aanmelden/burger/")
        if "/op/v1/auth" in self.page.url:
            self.go(f"{self.page.url}&persona={persona}")


@pytest.fixture
def visitor(browser: Browser, product: Product, request: pytest.FixtureRequest):
    """Makes people: visitor("lotte"), visitor("els", width=390, javascript=False)."""
    made: list[Visitor] = []

    def make(name: str, *, width: int = 1280, javascript: bool = True) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="nl-BE", java_script_enabled=javascript
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        person = Visitor(context, page, product, f"{request.node.name}-{name}")
        page.on(
            "console", lambda message: person.problems.append(message.text) if "Content Security" in message.text else None
        )
        page.on("pageerror", lambda error: person.problems.append(str(error)))
        made.append(person)
        return person

    yield make
    for person in made:
        if SHOTS:  # where each of them ended: after a failure, what it looked like
            person.page.screenshot(path=f"{SHOTS}/{person.name}-last.png", full_page=True)
        person.context.close()
