"""A certificate authority of a test, and a certificate for this machine."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Certificates(NamedTuple):
    """Files of PEM: the authority's certificate; ours with its key; the key alone."""

    ca: Path
    chain: Path
    key: Path


def made_in(folder: Path) -> Certificates:
    """Make an authority, and a certificate for 127.0.0.1 that it signs."""
    ca_key, own_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name, own_name = _name("a test's authority"), _name("127.0.0.1")
    ca = (
        _dated(ca_name, ca_name, ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    own = (
        _dated(own_name, ca_name, own_key.public_key())
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    key = own_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    made = Certificates(folder / "ca.pem", folder / "chain.pem", folder / "key.pem")
    pem = own.public_bytes(serialization.Encoding.PEM)
    made.ca.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    made.chain.write_bytes(key + pem + made.ca.read_bytes())
    made.key.write_bytes(key)
    return made


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _dated(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
    )
