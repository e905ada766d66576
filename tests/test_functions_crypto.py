"""Password hashes, derived passwords, keys and AES."""

from __future__ import annotations

import sys

import pytest

from doit_score.templating.errors import GoError
from doit_score.templating.functions import crypto
from doit_score.templating.functions.encoding import b64enc
from doit_score.templating.values import Uint32

MISSING = "the function needs the extra: pip install 'doit-score[crypto]'"


def test_bcrypt_hashes_the_password() -> None:
    library = pytest.importorskip("bcrypt", reason="the extra crypto is not installed")
    hashed = crypto.bcrypt("pässword")
    assert hashed.startswith("$2a$10$")
    assert library.checkpw("pässword".encode(), hashed.encode())
    assert crypto.bcrypt("pässword") != hashed


def test_bcrypt_of_a_long_password_says_so() -> None:
    pytest.importorskip("bcrypt", reason="the extra crypto is not installed")
    expected = "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
    assert crypto.bcrypt("x" * 73) == expected
    assert crypto.bcrypt("é" * 37) == expected
    assert crypto.bcrypt("x" * 72).startswith("$2a$10$")


def test_htpasswd() -> None:
    pytest.importorskip("bcrypt", reason="the extra crypto is not installed")
    assert crypto.htpasswd("user", "p").startswith("user:$2a$10$")


def test_htpasswd_refuses_a_colon_in_the_user() -> None:
    assert crypto.htpasswd("u:x", "p") == "invalid username: u:x"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("pin", "6685"),
        ("basic", "pIS54PLs"),
        ("medium", "ZedJuz8$"),
        ("long", "ZedaFaxcZaso9*"),
        ("name", "cannot find password template name"),
    ],
)
def test_derive_password(kind: str, expected: str) -> None:
    assert crypto.derive_password(Uint32(1), kind, "password", "user", "example.com") == expected


def test_derive_password_depends_on_the_counter() -> None:
    first = crypto.derive_password(Uint32(1), "maximum", "password", "user", "example.com")
    second = crypto.derive_password(Uint32(2), "maximum", "password", "user", "example.com")
    assert first != second
    assert len(first) == len(second) == 20


def test_derive_password_needs_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("bcrypt", "cryptography"):
        monkeypatch.setitem(sys.modules, name, None)
    assert crypto.derive_password(Uint32(1), "pin", "password", "user", "example.com") == "6685"


@pytest.mark.parametrize("text", ["plaintext", "", "x" * 16, "héllo ☃"])
def test_what_aes_encrypts_it_decrypts(text: str) -> None:
    pytest.importorskip("cryptography", reason="the extra crypto is not installed")
    encrypted = crypto.encrypt_aes("secretkey", text)
    assert crypto.decrypt_aes("secretkey", encrypted) == text
    assert bool(encrypted) is bool(text)


def test_two_encryptions_differ() -> None:
    pytest.importorskip("cryptography", reason="the extra crypto is not installed")
    assert crypto.encrypt_aes("k", "x") != crypto.encrypt_aes("k", "x")


@pytest.mark.parametrize(
    ("encrypted", "message"),
    [
        ("!!", "expected base 64, but byte 0 of the text is none"),
        (b64enc("hello"), "expected two or more blocks of 16 bytes, found 5 bytes"),
        (b64enc("x" * 16), "expected two or more blocks of 16 bytes, found 16 bytes"),
        (b64enc("x" * 33), "expected two or more blocks of 16 bytes, found 33 bytes"),
    ],
)
def test_decrypt_aes_refuses_what_cannot_be_encrypted_text(encrypted: str, message: str) -> None:
    with pytest.raises(GoError) as error:
        crypto.decrypt_aes("k", encrypted)
    assert str(error.value) == message


def test_decrypt_aes_with_another_password_may_be_an_error() -> None:
    pytest.importorskip("cryptography", reason="the extra crypto is not installed")
    # Chosen so that the last byte decrypts to more than there is.
    encrypted = "AAAAAAAAAAAAAAAAAAAAAP////////////////////8="
    with pytest.raises(GoError) as error:
        crypto.decrypt_aes("k", encrypted)
    assert str(error.value) == "the text was encrypted with another password"


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("", "RSA PRIVATE KEY"),
        ("rsa", "RSA PRIVATE KEY"),
        ("ecdsa", "EC PRIVATE KEY"),
        ("ed25519", "PRIVATE KEY"),
        ("dsa", "DSA PRIVATE KEY"),
    ],
)
def test_private_keys_are_in_the_form_that_go_writes(kind: str, label: str) -> None:
    pytest.importorskip("cryptography", reason="the extra crypto is not installed")
    pem = crypto.gen_private_key(kind)
    assert pem.startswith(f"-----BEGIN {label}-----\n")
    assert pem.endswith(f"-----END {label}-----\n")


def test_an_unknown_kind_of_key_is_said_in_the_text() -> None:
    assert crypto.gen_private_key("nope") == "Unknown type nope"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("gen_private_key", ("ecdsa",)),
        ("encrypt_aes", ("k", "x")),
        ("bcrypt", ("x",)),
        ("htpasswd", ("u", "p")),
    ],
)
def test_without_the_packages_the_functions_say_what_to_install(
    name: str, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = [module for module in sys.modules if module.split(".")[0] in ("bcrypt", "cryptography")]
    for module in {*loaded, "bcrypt", "cryptography"}:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(GoError) as error:
        getattr(crypto, name)(*arguments)
    assert str(error.value) == MISSING
