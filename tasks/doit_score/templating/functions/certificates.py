"""Certificates: authorities, signed and self-signed ones, and checked ones of the user's own.

The work is done by the package ``cryptography`` of the extra ``crypto``, imported only when a
template asks.
"""

from __future__ import annotations

from doit_score.text.light import Any, dataclass

from ..errors import GoError
from ..limits import COSTLY, step
from ..printing import to_text
from ..values import Struct, utf8
from .crypto import missing, private_pem
from .encoding import decode64

_KEY_SIZE = 2048
_CERTIFICATE = "sprig.certificate"

Certificate = Struct
Items = list[object] | None


@dataclass(frozen=True, slots=True)
class _Signer:
    """Who signs: the name, the private key and the identifier of that key, if its certificate has one."""

    name: Any
    key: Any
    identifier: Any


def _library() -> Any:
    try:
        from cryptography import x509
    except ImportError:
        raise missing() from None
    return x509


def _new_key() -> Any:
    _library()
    from cryptography.hazmat.primitives.asymmetric import rsa

    step(COSTLY)
    return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_SIZE)


def _read_key(pem: str, what: str = "parsing private key") -> Any:
    _library()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if "-----BEGIN " not in pem:
        raise GoError(f"{what}: no PEM data in input")
    try:
        return load_pem_private_key(utf8(pem), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise GoError(f"{what}: the PEM block is no private key that can be read") from None


def _read_certificate(pem: bytes) -> Any:
    from cryptography import x509

    if b"-----BEGIN " not in pem:
        raise GoError("unable to decode certificate: no PEM data in input")
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise GoError("error parsing certificate: the PEM block is no certificate") from None


def _alternative_names(x509: Any, addresses: Items, hosts: Items) -> list[Any]:
    from ipaddress import ip_address

    found: list[Any] = []
    for host in hosts or ():
        if not isinstance(host, str):
            raise GoError(f"error processing alternate dns name: {to_text(host)} is not a string")
        found.append(x509.DNSName(host))
    for address in addresses or ():
        if not isinstance(address, str):
            raise GoError(f"error parsing ip: {to_text(address)} is not a string")
        try:
            found.append(x509.IPAddress(ip_address(address)))
        except ValueError:
            raise GoError(f"error parsing ip: {address}") from None
    return found


def _built(
    name: str,
    names: tuple[Items, Items],
    days: int,
    key: Any,
    signer: _Signer | None = None,
    *,
    authority: bool = False,
) -> Struct:
    """A certificate for ``key``, signed by ``signer`` or by itself."""
    from datetime import datetime, timedelta, timezone

    x509 = _library()
    now = datetime.now(timezone.utc)
    try:
        alternatives = _alternative_names(x509, *names)
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)] if name else [])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(signer.name if signer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now)
            .not_valid_after(now + timedelta(days=days))
        )
        for extension, critical in _extensions(x509, authority, alternatives, key, signer):
            builder = builder.add_extension(extension, critical)
        certificate = builder.sign(signer.key if signer else key, _digest(signer.key if signer else key))
    except (ValueError, TypeError, OverflowError) as error:
        raise GoError(f"error creating certificate: {error}") from None
    return _pair(certificate, private_pem(key))


def _digest(key: Any) -> Any:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ed25519

    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()


def _extensions(
    x509: Any, authority: bool, alternatives: list[Any], key: Any, signer: _Signer | None
) -> list[tuple[Any, bool]]:
    unused = "content_commitment data_encipherment key_agreement crl_sign encipher_only decipher_only"
    usage = dict.fromkeys(unused.split(), False)
    purposes = [x509.ExtendedKeyUsageOID.SERVER_AUTH, x509.ExtendedKeyUsageOID.CLIENT_AUTH]
    found = [
        (
            x509.KeyUsage(digital_signature=True, key_encipherment=True, key_cert_sign=authority, **usage),
            True,
        ),
        (x509.ExtendedKeyUsage(purposes), False),
        (x509.BasicConstraints(ca=authority, path_length=None), True),
    ]
    if authority:
        found.append((x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False))
    if signer and signer.identifier is not None:
        found.append((x509.AuthorityKeyIdentifier(signer.identifier, None, None), False))
    if alternatives:
        found.append((x509.SubjectAlternativeName(alternatives), False))
    return found


def _pair(certificate: Any, key: str) -> Struct:
    from cryptography.hazmat.primitives.serialization import Encoding

    pem: bytes = certificate.public_bytes(Encoding.PEM)
    return Struct(_CERTIFICATE, {"Cert": pem.decode("ascii"), "Key": key})


def _signer(authority: Certificate) -> _Signer:
    from cryptography import x509

    certificate = _read_certificate(utf8(str(authority.fields["Cert"])))
    key = _read_key(str(authority.fields["Key"]), "error parsing private key")
    try:
        identifier = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        identifier = None
    return _Signer(certificate.subject, key, identifier)


def gen_ca(name: str, days: int) -> Struct:
    return _built(name, (None, None), days, _new_key(), authority=True)


def gen_ca_with_key(name: str, days: int, pem: str) -> Struct:
    return _built(name, (None, None), days, _read_key(pem), authority=True)


def gen_self_signed_cert(name: str, addresses: Items, hosts: Items, days: int) -> Struct:
    return _built(name, (addresses, hosts), days, _new_key())


def gen_self_signed_cert_with_key(name: str, addresses: Items, hosts: Items, days: int, pem: str) -> Struct:
    return _built(name, (addresses, hosts), days, _read_key(pem))


def gen_signed_cert(name: str, addresses: Items, hosts: Items, days: int, authority: Certificate) -> Struct:
    return _built(name, (addresses, hosts), days, _new_key(), _signer(authority))


def gen_signed_cert_with_key(
    name: str, addresses: Items, hosts: Items, days: int, authority: Certificate, pem: str
) -> Struct:
    return _built(name, (addresses, hosts), days, _read_key(pem), _signer(authority))


def build_custom_cert(certificate: str, key: str) -> Struct:
    """The certificate and the key, both given in base 64, once both can be read."""
    _library()
    certificate_pem, key_pem = decode64(certificate), decode64(key)
    if isinstance(certificate_pem, int):
        raise GoError("unable to decode base64 certificate")
    if isinstance(key_pem, int):
        raise GoError("unable to decode base64 private key")
    _read_certificate(certificate_pem)
    text = key_pem.decode("utf-8", "surrogateescape")
    _read_key(text, "error parsing private key")
    fields = {"Cert": certificate_pem.decode("utf-8", "surrogateescape"), "Key": text}
    return Struct(_CERTIFICATE, fields)


_NAMES = ("string", "[]any", "[]any", "int")
