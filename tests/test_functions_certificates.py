"""Certificates: what is in them, who signed them, and what is refused."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

import pytest

from doit_score.templating.errors import GoError
from doit_score.templating.functions import certificates, crypto
from doit_score.templating.functions.encoding import b64enc
from doit_score.templating.values import Struct

MISSING = "the function needs the extra: pip install 'doit-score[crypto]'"


@pytest.fixture(scope="module")
def x509() -> Any:
    return pytest.importorskip("cryptography.x509", reason="the extra crypto is not installed")


@pytest.fixture(scope="module")
def key(x509: Any) -> str:
    return crypto.gen_private_key("ecdsa")


@pytest.fixture(scope="module")
def authority(x509: Any) -> Struct:
    return certificates.gen_ca("authority", 30)


def read(x509: Any, pair: Struct) -> Any:
    return x509.load_pem_x509_certificate(str(pair.fields["Cert"]).encode())


def test_an_authority_may_sign(x509: Any, authority: Struct) -> None:
    certificate = read(x509, authority)
    assert list(authority.fields) == ["Cert", "Key"]
    assert authority.go_type == "sprig.certificate"
    assert str(authority.fields["Key"]).startswith("-----BEGIN RSA PRIVATE KEY-----\n")
    assert certificate.subject.rfc4514_string() == certificate.issuer.rfc4514_string() == "CN=authority"
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca) == (True, True)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.key_encipherment, usage.key_cert_sign) == (True, True, True)
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(days=30)
    certificate.verify_directly_issued_by(certificate)


def test_an_authority_with_a_given_key_keeps_it(key: str) -> None:
    assert certificates.gen_ca_with_key("x", 10, key).fields["Key"] == key


def test_a_self_signed_certificate_has_its_names(x509: Any) -> None:
    pair = certificates.gen_self_signed_cert("foo", ["1.2.3.4", "::1"], ["a.b", "c"], 365)
    certificate = read(x509, pair)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["a.b", "c"]
    assert names.get_values_for_type(x509.IPAddress) == [ip_address("1.2.3.4"), ip_address("::1")]
    assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [x509.ExtendedKeyUsageOID.SERVER_AUTH, x509.ExtendedKeyUsageOID.CLIENT_AUTH]


def test_a_self_signed_certificate_needs_no_names_and_takes_any_key(x509: Any) -> None:
    for kind in ("ecdsa", "ed25519"):
        given = crypto.gen_private_key(kind)
        pair = certificates.gen_self_signed_cert_with_key("", None, [], 1, given)
        assert pair.fields["Key"] == given
        assert read(x509, pair).subject.rfc4514_string() == ""


def test_a_signed_certificate_is_issued_by_the_authority(x509: Any, authority: Struct, key: str) -> None:
    pair = certificates.gen_signed_cert_with_key("foo", ["1.2.3.4"], ["x.y"], 10, authority, key)
    certificate, issuer = read(x509, pair), read(x509, authority)
    assert pair.fields["Key"] == key
    certificate.verify_directly_issued_by(issuer)
    ours = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    theirs = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert ours.key_identifier == theirs.digest
    assert certificates.gen_signed_cert("foo", None, None, 10, authority).fields["Key"] != key


def test_a_custom_certificate_is_checked_and_given_back(authority: Struct) -> None:
    certificate, private = str(authority.fields["Cert"]), str(authority.fields["Key"])
    pair = certificates.build_custom_cert(b64enc(certificate), b64enc(private))
    assert dict(pair.fields) == dict(authority.fields)


@pytest.mark.parametrize(
    ("certificate", "private", "message"),
    [
        ("bad!", "", "unable to decode base64 certificate"),
        ("", "bad!", "unable to decode base64 private key"),
        (b64enc("x"), b64enc("x"), "unable to decode certificate: no PEM data in input"),
        (
            b64enc("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            "",
            "error parsing certificate: the PEM block is no certificate",
        ),
        (None, b64enc("x"), "error parsing private key: no PEM data in input"),
    ],
)
def test_custom_certificates_that_cannot_be_read_are_errors(
    certificate: str | None, private: str, message: str, authority: Struct
) -> None:
    text = b64enc(str(authority.fields["Cert"])) if certificate is None else certificate
    with pytest.raises(GoError) as error:
        certificates.build_custom_cert(text, private)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("addresses", "hosts", "message"),
    [
        (["notanip"], None, "error parsing ip: notanip"),
        ([1], None, "error parsing ip: 1 is not a string"),
        (None, [2], "error processing alternate dns name: 2 is not a string"),
    ],
)
def test_bad_names_are_errors(
    x509: Any, addresses: list[object] | None, hosts: list[object] | None, message: str, key: str
) -> None:
    with pytest.raises(GoError) as error:
        certificates.gen_self_signed_cert_with_key("foo", addresses, hosts, 365, key)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("pem", "message"),
    [
        ("bad", "parsing private key: no PEM data in input"),
        (
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "parsing private key: the PEM block is no private key that can be read",
        ),
    ],
)
def test_bad_keys_are_errors(x509: Any, pem: str, message: str) -> None:
    with pytest.raises(GoError) as error:
        certificates.gen_ca_with_key("x", 10, pem)
    assert str(error.value) == message


def test_a_name_that_is_too_long_is_an_error(key: str) -> None:
    with pytest.raises(GoError) as error:
        certificates.gen_ca_with_key("x" * 65, 10, key)
    assert str(error.value).startswith("error creating certificate: ")


def test_without_the_package_every_function_says_what_to_install(
    authority: Struct, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [name for name in sys.modules if name.split(".")[0] == "cryptography"]:
        monkeypatch.setitem(sys.modules, module, None)
    calls: tuple[Callable[[], object], ...] = (
        lambda: certificates.gen_ca("x", 1),
        lambda: certificates.gen_ca_with_key("x", 1, key),
        lambda: certificates.gen_self_signed_cert("x", None, None, 1),
        lambda: certificates.gen_self_signed_cert_with_key("x", None, None, 1, key),
        lambda: certificates.gen_signed_cert("x", None, None, 1, authority),
        lambda: certificates.gen_signed_cert_with_key("x", None, None, 1, authority, key),
        lambda: certificates.build_custom_cert("", ""),
    )
    for call in calls:
        with pytest.raises(GoError) as error:
            call()
        assert str(error.value) == MISSING
