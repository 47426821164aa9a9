"""The runner of the outside world: everything answers, a port in use is told, and stopping leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from meldloket.sandbox.config import OFFSETS, SandboxConfig
from meldloket.sandbox.control.switches import DOUBLES, GENERAL
from meldloket.sandbox.faults import MODES
from support.doubles import free_base_port

SOURCE = Path(__file__).parents[2] / "src"
HTTP_PARTS = [part for part in OFFSETS if part != "smtp"]


def start(*arguments: str, base_port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "meldloket.sandbox", "--base-port", str(base_port), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )


def stop(process: subprocess.Popen[str], how: int = signal.SIGTERM) -> tuple[str, str]:
    process.send_signal(how)
    return process.communicate(timeout=30)


@contextmanager
def running(*arguments: str) -> Iterator[tuple[SandboxConfig, subprocess.Popen[str]]]:
    """A sandbox that said that it is ready, on free ports."""
    config = SandboxConfig(base_port=free_base_port())
    process = start(*arguments, base_port=config.base_port)
    try:
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        assert line == "sandbox ready\n", process.stderr.read()
        yield config, process
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate(timeout=30)


def listens(port: int) -> bool:
    with socket.socket() as sock:
        sock.settimeout(2)
        return sock.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxConfig]:
    with running("--data-dir", str(tmp_path_factory.mktemp("sandbox"))) as (config, _):
        yield config


@pytest.mark.parametrize("part", HTTP_PARTS)
def test_every_part_answers(sandbox: SandboxConfig, part: str) -> None:
    answer = httpx.get(sandbox.url(part), follow_redirects=True, timeout=20)
    assert answer.status_code == 200
    assert "Nagebouwde dienst, niet echt" in answer.text


def test_the_mail_server_fills_the_post_box(sandbox: SandboxConfig) -> None:
    with smtplib.SMTP(sandbox.host, sandbox.port("smtp"), timeout=10) as smtp:
        smtp.sendmail("a@b.example", ["lotte@voorbeeld.example"], "Subject: Dag\r\n\r\nHallo")
    found = httpx.get(f"{sandbox.url('postbox')}/_double/messages", params={"to": "lotte@voorbeeld.example"}).json()
    assert [mail["subject"] for mail in found] == ["Dag"]


@pytest.mark.parametrize("name", [double.name for double in DOUBLES])
def test_the_control_page_sets_and_clears_the_switches(sandbox: SandboxConfig, name: str) -> None:
    control, faults = sandbox.url("control"), f"{sandbox.url(name)}/_double/faults"
    double = next(one for one in DOUBLES if one.name == name)
    for switch in (*GENERAL, *double.specials):
        form = {"dienst": name, "storing": switch.key, "keer": "3"}
        assert httpx.post(f"{control}/storingen", data=form).headers["location"] == f"/#{name}"
        [fault] = httpx.get(faults).json()
        assert (fault["mode"], fault["special"]) == tuple((switch.key + ":").split(":")[:2])
        assert fault["count"] == 3
        assert f"{switch.label}, nog 3 keer" in httpx.get(control).text
        assert httpx.post(f"{control}/storingen/weg", data={"dienst": name}).status_code == 303
        assert httpx.get(faults).json() == []
    assert httpx.post(f"{control}/storingen", data={"dienst": name, "storing": "bestaat niet"}).status_code == 400


def test_all_normal_again_in_one_go(sandbox: SandboxConfig) -> None:
    for name in ("magda", "postbox"):
        httpx.post(f"{sandbox.url('control')}/storingen", data={"dienst": name, "storing": "error", "keer": ""})
    assert "Alles weer normaal" in httpx.get(sandbox.url("control")).text
    httpx.post(f"{sandbox.url('control')}/storingen/weg")
    assert httpx.get(sandbox.url("control")).text.count("alles normaal") == len(DOUBLES)


@pytest.mark.parametrize("double", DOUBLES, ids=lambda double: double.name)
def test_the_control_page_knows_exactly_the_faults_of_each_double(double: object) -> None:
    package = SOURCE / "meldloket" / "sandbox" / double.name  # type: ignore[attr-defined]
    source = "\n".join(path.read_text(encoding="utf-8") for path in package.glob("**/*.py"))
    read = set(re.findall(r"take_special\(\s*\"(\w+)\"", source))
    assert {one.key.removeprefix("special:") for one in double.specials} == read  # type: ignore[attr-defined]


def test_the_documentation_names_every_fault() -> None:
    page = (SOURCE.parent / "docs" / "sandbox.md").read_text(encoding="utf-8")
    named = {switch.key.removeprefix("special:") for double in DOUBLES for switch in (*GENERAL, *double.specials)}
    assert {name for name in named if f"`{name}`" not in page} == set()


def test_the_control_page_offers_every_general_mode() -> None:
    assert {switch.key for switch in GENERAL} == set(MODES)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_and_leaves_nothing(how: int) -> None:
    with running() as (config, process):
        hanging = httpx.Client(timeout=30)
        hanging.put(f"{config.url('postbox')}/_double/faults", json={"mode": "timeout", "path": "/sms/"})
        with socket.create_connection((config.host, config.port("postbox"))) as call:
            call.sendall(b"POST /sms/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            with socket.create_connection((config.host, config.port("smtp"))) as mail:
                assert mail.recv(100).startswith(b"220")
                began = time.monotonic()
                out, err = stop(process, how)
                assert time.monotonic() - began < 15
        assert (process.returncode, out, err) == (0, "", "")
        assert not any(listens(config.port(part)) for part in OFFSETS)


def test_what_it_remembers_survives_a_restart(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    for expected in (1, 2):
        with running("--data-dir", data) as (config, process):
            with smtplib.SMTP(config.host, config.port("smtp"), timeout=10) as smtp:
                smtp.sendmail("a@b.example", ["c@d.example"], "Subject: Dag\r\n\r\nHallo")
            assert len(httpx.get(f"{config.url('postbox')}/_double/messages").json()) == expected
            stop(process)


@pytest.mark.parametrize("part", ["control", "smtp", "addresses"])
def test_a_port_in_use_is_one_plain_sentence(part: str) -> None:
    config = SandboxConfig(base_port=free_base_port())
    with socket.socket() as other:
        other.bind(("127.0.0.1", config.port(part)))
        other.listen()
        process = start(base_port=config.base_port)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (2, "")
        assert err.count("\n") == 1
        assert f"Port {config.port(part)}" in err and part in err and "--base-port" in err
        assert not any(listens(config.port(name)) for name in OFFSETS if name != part)


def test_keys_come_from_a_file(tmp_path: Path) -> None:
    from meldloket.sandbox.__main__ import _parser

    keys = {"acmidm": {"keys": []}, "dosis": {"keys": []}}
    (tmp_path / "keys.json").write_text(json.dumps(keys), encoding="utf-8")
    assert _parser().parse_args(["--client-keys", str(tmp_path / "keys.json")]).client_keys == keys
    (tmp_path / "keys.json").write_text("[", encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        _parser().parse_args(["--client-keys", str(tmp_path / "keys.json")])
    assert caught.value.code == 2
