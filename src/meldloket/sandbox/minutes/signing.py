"""Decisions as a minutes package makes them: a PDF signed by alderman and general director with certificates of a made-up
authority (PAdES, by pyHanko)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

ALDERMAN, DIRECTOR = "Katrien Lenaerts", "Rik Thys"
#: The two in the form of the product's setting DECISION_SIGNATORIES.
SIGNATORIES = f"alderman={ALDERMAN}; general_director={DIRECTOR}"
_YEARS = timedelta(days=3650)


@dataclass(frozen=True)
class Authority:
    """A certificate authority with the people that it knows."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def person(self, name: str, *, days: int = 365) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        """Key and certificate of somebody who signs; negative `days`: it has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        until = datetime.now(UTC) + timedelta(days=days)
        certificate = _certificate(name, key.public_key(), self.certificate.subject, self.key, until, ca=False)
        return key, certificate


def _certificate(
    name: str,
    public: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    until: datetime,
    *,
    ca: bool,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - _YEARS)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not ca,
                content_commitment=not ca,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=ca,
                crl_sign=ca,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    return builder.sign(issuer_key, hashes.SHA256())


def new_authority(name: str = "Nagebouwde autoriteit Lindekerke") -> Authority:
    """A fresh authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return Authority(key, _certificate(name, key.public_key(), subject, key, datetime.now(UTC) + _YEARS, ca=True))


def kept_authority(folder: Path) -> Authority:
    """The authority of this folder (`authority.key`, `authority.pem`), made when it is not there yet."""
    key_file, certificate_file = folder / "authority.key", folder / "anchors" / "authority.pem"
    if not key_file.exists() or not certificate_file.exists():
        made = new_authority()
        certificate_file.parent.mkdir(parents=True, exist_ok=True)
        certificate_file.write_bytes(made.certificate.public_bytes(serialization.Encoding.PEM))
        key_file.write_bytes(_pem(made.key))
        key_file.chmod(0o600)
    key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Authority(key, x509.load_pem_x509_certificate(certificate_file.read_bytes()))


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def sign(document: bytes, name: str, *, by: Authority, days: int = 365) -> bytes:
    """The document with one more PAdES signature of `name`, whose certificate comes from `by`."""
    key, certificate = by.person(name, days=days)
    with tempfile.TemporaryDirectory() as folder:
        key_file, certificate_file = Path(folder) / "key.pem", Path(folder) / "certificate.pem"
        key_file.write_bytes(_pem(key))
        certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        signer = signers.SimpleSigner.load(str(key_file), str(certificate_file))
    out = BytesIO()
    metadata = signers.PdfSignatureMetadata(
        field_name=f"{name.split()[0]}-{len(document)}", subfilter=fields.SigSeedSubFilter.PADES, name=name
    )
    signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(document)), metadata, signer=signer, output=out)
    return out.getvalue()


def page(title: str, lines: list[str]) -> bytes:
    """One page with a title and lines of text, unsigned: as little PDF as can be read and signed."""
    text = [f"BT /F1 15 Tf 60 770 Td {_shown(title)} Tj ET"]
    text += [f"BT /F1 10 Tf 60 {740 - 16 * place} Td {_shown(line)} Tj ET" for place, line in enumerate(lines[:42])]
    stream = "\n".join(text).encode("cp1252", "replace")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        font,
    ]
    out, places = BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, part in enumerate(parts, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start))
    return out.getvalue()


def _shown(text: str) -> str:
    """A PDF string."""
    escaped = text[:110].replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"({escaped})"
