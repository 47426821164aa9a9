"""Signs a question the way MAGDA wants it: WS-Security over the SOAP body, with our certificate as a direct reference
(specs/identity-and-registers 2.7)."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, XMLSigner, methods

from meldloket.connectors.magda.questions import SOAP

_OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE = f"{_OASIS}wssecurity-secext-1.0.xsd"
WSU = f"{_OASIS}wssecurity-utility-1.0.xsd"
_TOKEN_TYPE = f"{_OASIS}x509-token-profile-1.0#X509v3"
_BASE64 = f"{_OASIS}soap-message-security-1.0#Base64Binary"
ALGORITHMS = {
    "rsa-sha256": (SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA256),
    "rsa-sha1": (SignatureMethod.RSA_SHA1, DigestAlgorithm.SHA1),
}


class _Signer(XMLSigner):
    """Lets SHA-1 through when the settings ask for it: MAGDA's own signer still uses it, and the message goes over TLS."""

    def check_deprecated_methods(self) -> None:
        """Nothing is forbidden here; MessageSigner knows just two algorithms."""


@dataclass(frozen=True)
class MessageSigner:
    """Our certificate and key (PEM), and the algorithm (`rsa-sha256` or `rsa-sha1`)."""

    certificate: bytes
    key: bytes
    algorithm: str = "rsa-sha256"

    @classmethod
    def from_files(cls, certificate_file: str, key_file: str, algorithm: str) -> MessageSigner:
        """Raises ValueError for an unknown algorithm or an unreadable certificate, OSError for a missing file."""
        if algorithm not in ALGORITHMS:
            raise ValueError(f"MAGDA_SIGNATURE is {algorithm!r}; it can be {' or '.join(ALGORITHMS)}")
        certificate = Path(certificate_file).read_bytes()
        x509.load_pem_x509_certificate(certificate)
        return cls(certificate, Path(key_file).read_bytes(), algorithm)

    def sign(self, envelope: etree._Element) -> bytes:
        """The signed message, as the very bytes that must be sent."""
        body = envelope.find(f"{{{SOAP}}}Body")
        header = envelope.find(f"{{{SOAP}}}Header")
        assert body is not None and header is not None  # noqa: S101  (our own envelope has both)
        etree.cleanup_namespaces(envelope, top_nsmap={"wsu": WSU, "wsse": WSSE}, keep_ns_prefixes=["wsu", "wsse"])
        body.set(f"{{{WSU}}}Id", "body")
        security = etree.SubElement(header, f"{{{WSSE}}}Security", {f"{{{SOAP}}}mustUnderstand": "1"})
        token = etree.SubElement(security, f"{{{WSSE}}}BinarySecurityToken", ValueType=_TOKEN_TYPE, EncodingType=_BASE64)
        token.set(f"{{{WSU}}}Id", "certificate")
        certificate = x509.load_pem_x509_certificate(self.certificate)
        token.text = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
        signature_algorithm, digest = ALGORITHMS[self.algorithm]
        signer = _Signer(
            methods.detached, signature_algorithm, digest, CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
        )
        security.append(signer.sign(envelope, key=self.key, reference_uri="#body", key_info=_key_info()))
        return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def _key_info() -> etree._Element:
    info = etree.Element("{http://www.w3.org/2000/09/xmldsig#}KeyInfo", nsmap={"wsse": WSSE})
    reference = etree.SubElement(etree.SubElement(info, f"{{{WSSE}}}SecurityTokenReference"), f"{{{WSSE}}}Reference")
    reference.set("URI", "#certificate")
    reference.set("ValueType", _TOKEN_TYPE)
    return info
