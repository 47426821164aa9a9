"""The token for DOSIS: kept, renewed in time, renewed once when it is withdrawn, and a channel that stops when it is
us who are wrong (specs/dosis-and-mbp, chapter 2)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from meldloket.connectors.dosis import ApiSettings, DosisChannel, DosisSettings
from meldloket.connectors.dosis.token import TokenSettings, TokenSource
from support.dosis import SOURCE, RunningDosis, kind, private_key, problem, running_dosis, upload


@pytest.fixture(scope="module")
def running() -> Iterator[RunningDosis]:
    with running_dosis() as double:
        yield double


@pytest.fixture
def dosis(running: RunningDosis) -> RunningDosis:
    running.reset()
    return running


def test_a_token_is_kept_and_renewed_in_time(dosis: RunningDosis) -> None:
    source = TokenSource(dosis.api().token, dosis.http, dosis.clock.seconds)
    first = source.get()
    dosis.clock.advance(seconds=36_000 - 242)
    assert source.get() == first
    dosis.clock.advance(seconds=4)
    second = source.get()
    assert second != first
    source.drop(first)  # a late refusal of the old one
    assert source.get() == second


def test_a_token_that_lives_shorter_than_the_margin_is_used_all_the_same() -> None:
    now, asked = [1000.0], []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"access_token": f"t{len(asked)}", "expires_in": "60"})

    settings = TokenSettings("https://dosis.example/token", "meldloket-dosis", private_key())
    source = TokenSource(settings, httpx.Client(transport=httpx.MockTransport(handle)), lambda: now[0])
    assert [source.get(), source.get()] == ["t1", "t1"]
    now[0] += 31
    assert source.get() == "t2"


def test_many_threads_ask_one_token() -> None:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})

    settings = TokenSettings("https://dosis.example/token", "meldloket-dosis", private_key())
    source = TokenSource(settings, httpx.Client(transport=httpx.MockTransport(handle)))
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: source.get(), range(50))) == {"t"}
    assert len(asked) == 1


def test_a_withdrawn_token_is_renewed_once(dosis: RunningDosis) -> None:
    channel = dosis.channel()
    channel.deliver(upload())
    dosis.special("token_401")
    channel.deliver(upload())
    assert len(dosis.uploads()) == 2
    dosis.special("token_401", count=2)
    assert kind(problem(channel, upload())) == "stop"
    assert len(dosis.uploads()) == 2
    channel.deliver(upload())


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": private_key("dosis-2")},
        {"key": {**private_key("dosis-2"), "kid": "dosis-1"}},
        {"audience": "https://elsewhere.example/token"},
        {"client_id": "somebody"},
        {"scope": "Everything"},
    ],
)
def test_whom_the_token_endpoint_does_not_know_stops(dosis: RunningDosis, wrong: dict[str, Any]) -> None:
    channel = dosis.channel(**wrong)
    assert kind(problem(channel, upload())) == "stop"
    assert "weigert ons" in (channel.check() or "")


def test_a_clock_that_is_wrong_by_an_hour_stops(dosis: RunningDosis) -> None:
    channel = DosisChannel(DosisSettings(dosis.api(), SOURCE), None, lambda: dosis.clock.seconds() - 3600)
    assert kind(problem(channel, upload())) == "stop"


@pytest.mark.parametrize(("mode", "status"), [("error", 500), ("malformed", 200), ("error", 429)])
def test_a_token_endpoint_with_a_problem_is_asked_again(dosis: RunningDosis, mode: str, status: int) -> None:
    dosis.fault(mode=mode, status=status, path="/authorization/", count=1)
    channel = dosis.channel()
    assert kind(problem(channel, upload())) == "retry"
    channel.deliver(upload())


def test_a_public_key_or_none_is_noticed_at_the_start() -> None:
    public = {name: private_key()[name] for name in ("kty", "n", "e", "kid")}
    for key in ({}, {"kty": "EC"}, public):
        token = TokenSettings("https://dosis.example/token", "meldloket-dosis", key)
        with pytest.raises(ValueError, match="private RSA key"):
            DosisChannel(DosisSettings(ApiSettings("https://dosis.example", token), SOURCE))
