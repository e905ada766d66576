"""Password hashes, derived passwords, private keys, and AES.

Two packages do the work, both in the extra ``crypto`` and imported only when a template asks:
``cryptography`` and ``bcrypt``.
"""

from __future__ import annotations

from doit_score.text.light import TYPE_CHECKING, Any

from ..errors import GoError
from ..limits import COSTLY, step
from ..values import Uint32, text_of, utf8
from .encoding import decode64
from .randoms import random_bytes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import Cipher

_BLOCK = 16
_LONGEST_PASSWORD = 72


def missing() -> GoError:
    """What to say when the packages of the extra are not installed."""
    return GoError("the function needs the extra: pip install 'doit-score[crypto]'")


def bcrypt(password: str) -> str:
    """The bcrypt hash; for a password that is too long a sentence that says so, as in sprig."""
    try:
        import bcrypt as library
    except ImportError:
        raise missing() from None
    data = utf8(password)
    if len(data) > _LONGEST_PASSWORD:
        problem = f"bcrypt: password length exceeds {_LONGEST_PASSWORD} bytes"
        return f"failed to encrypt string with bcrypt: {problem}"
    step(COSTLY)
    hashed: bytes = library.hashpw(data, library.gensalt(10, prefix=b"2a"))
    return hashed.decode("ascii")


def htpasswd(user: str, password: str) -> str:
    """A line of an htpasswd file; for a user with a colon a sentence that says so, as in sprig."""
    if ":" in user:
        return f"invalid username: {user}"
    return f"{user}:{bcrypt(password)}"


_TEMPLATES = {
    "maximum": "anoxxxxxxxxxxxxxxxxx axxxxxxxxxxxxxxxxxno",
    "long": "CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno"
    " CvcvnoCvccCvcv CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno"
    " CvccnoCvccCvcv CvccCvccnoCvcv CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno"
    " CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno",
    "medium": "CvcnoCvc CvcCvcno",
    "short": "Cvcn",
    "basic": "aaanaaan aannaaan aaannaaa",
    "pin": "nnnn",
}
_VOWELS, _CONSONANTS, _DIGITS = "AEIOU", "BCDFGHJKLMNPQRSTVWXYZ", "0123456789"
_MIXED = _VOWELS + _VOWELS.lower() + _CONSONANTS + _CONSONANTS.lower()
_CHARACTERS = {
    "V": _VOWELS,
    "C": _CONSONANTS,
    "v": _VOWELS.lower(),
    "c": _CONSONANTS.lower(),
    "A": _VOWELS + _CONSONANTS,
    "a": _MIXED,
    "n": _DIGITS,
    "o": "@&%?,=[]_:-+*$#!'^~;()/.",
    "x": f"{_MIXED}{_DIGITS}!@#$%^&*()",
}
_SCOPE = b"com.lyndir.masterpassword"


def derive_password(counter: Uint32, kind: str, password: str, user: str, site: str) -> str:
    """The password that Master Password gives; it needs no package of the extra."""
    import hmac
    from hashlib import scrypt

    templates = _TEMPLATES.get(kind, "").split()
    if not templates:
        return f"cannot find password template {kind}"
    step(COSTLY)
    salt = _SCOPE + _sized(user)
    key = scrypt(utf8(password), salt=salt, n=32768, r=8, p=2, maxmem=1 << 27, dklen=64)
    seed = hmac.digest(key, _SCOPE + _sized(site) + counter.to_bytes(4, "big"), "sha256")
    template = templates[seed[0] % len(templates)]
    chosen = [_CHARACTERS[kind] for kind in template]
    return "".join([chars[byte % len(chars)] for chars, byte in zip(chosen, seed[1:], strict=False)])


def _sized(text: str) -> bytes:
    data = utf8(text)
    return len(data).to_bytes(4, "big") + data


def _cipher(password: str, start: bytes) -> Cipher[Any]:
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    except ImportError:
        raise missing() from None
    key = utf8(password)[:32].ljust(32, b"\0")
    return Cipher(algorithms.AES(key), modes.CBC(start))


def encrypt_aes(password: str, text: str) -> str:
    """``text`` encrypted with AES-256-CBC under the password itself, in base 64; nothing stays nothing."""
    from binascii import b2a_base64

    if not text:
        return ""
    data = utf8(text)
    missing_bytes = _BLOCK - len(data) % _BLOCK
    start = random_bytes(_BLOCK)
    encryptor = _cipher(password, start).encryptor()
    encrypted = encryptor.update(data + bytes((missing_bytes,)) * missing_bytes) + encryptor.finalize()
    return b2a_base64(start + encrypted, newline=False).decode("ascii")


def decrypt_aes(password: str, encrypted: str) -> str:
    """The text that :func:`encrypt_aes` encrypted; a wrong password may give any text, or an error."""
    if not encrypted:
        return ""
    data = decode64(encrypted)
    if isinstance(data, int):
        raise GoError(f"expected base 64, but byte {data} of the text is none")
    if len(data) < 2 * _BLOCK or len(data) % _BLOCK:
        raise GoError(f"expected two or more blocks of {_BLOCK} bytes, found {len(data)} bytes")
    decryptor = _cipher(password, data[:_BLOCK]).decryptor()
    text = decryptor.update(data[_BLOCK:]) + decryptor.finalize()
    if text[-1] > len(text):
        raise GoError("the text was encrypted with another password")
    return text_of(text[: len(text) - text[-1]])


def gen_private_key(kind: str) -> str:
    """A new private key in PEM: ``rsa`` (or nothing), ``ecdsa``, ``ed25519`` or ``dsa``."""
    if kind not in ("", "rsa", "dsa", "ecdsa", "ed25519"):
        return f"Unknown type {kind}"
    try:
        from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
    except ImportError:
        raise missing() from None
    step(COSTLY)
    if kind == "ecdsa":
        return private_pem(ec.generate_private_key(ec.SECP256R1()))
    if kind == "ed25519":
        return private_pem(ed25519.Ed25519PrivateKey.generate())
    if kind == "dsa":
        return private_pem(dsa.generate_private_key(2048))
    return private_pem(rsa.generate_private_key(public_exponent=65537, key_size=4096))


def private_pem(key: Any) -> str:
    """``key`` in PEM as Go's x509 writes it: PKCS #8 for Ed25519, the traditional form for the others."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519

    modern = isinstance(key, ed25519.Ed25519PrivateKey)
    form = serialization.PrivateFormat.PKCS8 if modern else serialization.PrivateFormat.TraditionalOpenSSL
    pem: bytes = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return pem.decode("ascii")
