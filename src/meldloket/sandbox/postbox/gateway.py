"""The SMS gateway: the generic interface of specs/identity-and-registers §5, with a made-up provider behind it.

Fault switch of mode `special`: `sms_lost_answer` (the message is kept, the answer is 500)."""

from __future__ import annotations

import hmac
import json
import math
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from meldloket.sandbox.faults import FaultSwitches
from meldloket.sandbox.postbox.post import Post

KEY = "sandbox-sms-key"
_E164 = re.compile(r"\+[1-9]\d{7,14}")
_SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,11}|\+?\d{3,15}")
_BELGIAN_MOBILE = re.compile(r"\+324\d{8}")
_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = set("^{}\\[~]|€\f")


def measure(text: str) -> tuple[str, int, int]:
    """Alphabet (GSM-7 or UCS-2), length in its units, and number of parts that a provider would charge."""
    if set(text) <= _BASIC | _EXTENDED:
        alphabet, sizes, whole, part = "GSM-7", [2 if char in _EXTENDED else 1 for char in text], 160, 153
    else:
        alphabet, sizes, whole, part = "UCS-2", [2 if ord(char) > 0xFFFF else 1 for char in text], 70, 67
    length = sum(sizes)
    if length <= whole:
        return alphabet, length, min(len(text), 1)
    if 2 not in sizes:
        return alphabet, length, math.ceil(length / part)
    parts, room = 1, part
    for size in sizes:  # a character of two units never straddles two parts
        if size > room:
            parts, room = parts + 1, part
        room -= size
    return alphabet, length, parts


class Gateway:
    """`POST /sms/v1/messages`: 202 with an id, or a refusal that names the field."""

    def __init__(self, post: Post, faults: FaultSwitches) -> None:
        self.post = post
        self.faults = faults

    async def send(self, request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get("authorization", ""), f"Bearer {KEY}"):
            return _refusal(401, "unauthorized", "", "Unknown key.")
        try:
            body = json.loads(await request.body())
        except ValueError:
            return _refusal(400, "invalid_json", "", "The body is not JSON.")
        if problem := _problem(body):
            return _refusal(422, f"invalid_{problem[0]}", *problem)
        reference = body["reference"]
        answer = self.post.store.get("sms_answers", reference)
        if answer is None:
            answer = self._accept(body)
            self.post.store.put("sms_answers", reference, answer)
        if self.faults.take_special("sms_lost_answer"):
            return _refusal(500, "internal", "", "Nagebouwde storing: het bericht is wel aanvaard.")
        return JSONResponse(answer, 202)

    def _accept(self, body: dict[str, str]) -> dict[str, Any]:
        alphabet, length, parts = measure(body["text"])
        filed = self.post.add(
            {
                "channel": "sms",
                "from": body["from"],
                "to": body["to"],
                "recipients": [body["to"]],
                "subject": "",
                "text": body["text"],
                "reference": body["reference"],
                "alphabet": alphabet,
                "length": length,
                "parts": parts,
            }
        )
        return {"id": filed["id"], "reference": body["reference"], "status": "accepted", "parts": parts}


def _problem(body: Any) -> tuple[str, str] | None:
    """The first field that is wrong, and why; None when the message can be sent."""
    if not isinstance(body, dict):
        return "body", "A JSON object is expected."
    for field in ("to", "from", "text", "reference"):
        if not isinstance(body.get(field), str) or not body[field]:
            return field, "A text that is not empty is expected."
    if not _E164.fullmatch(body["to"]):
        return "to", "Not an E.164 number."
    if body["to"].startswith("+324") and not _BELGIAN_MOBILE.fullmatch(body["to"]):
        return "to", "Not a Belgian mobile number: +324 and eight digits."
    if not _SENDER.fullmatch(body["from"]):
        return "from", "At most 11 letters and digits, or a number."
    if measure(body["text"])[2] > 10:
        return "text", "At most ten parts."
    return None


def _refusal(status: int, code: str, field: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "field": field, "message": message}}, status)
