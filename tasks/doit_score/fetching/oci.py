"""Files of artifacts in OCI registries, as ``oras push`` puts them there.

The two requests of the distribution specification that this takes are made here, with the limits of
:mod:`.http`, and what comes is compared with its digest.  The library oras (0.2.43) was looked at: it has
no limits of time or size, compares no digests, and tries for over two minutes where nobody answers.
Who has logged in with Docker is known here too: the Docker SDK reads that, credential helpers included.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlencode, urlsplit

from doit_score.fetching import http
from doit_score.fetching.source import FILE_LIMIT, SIZE_LIMIT, Source, failure, shown, too_large, within
from doit_score.text.light import NamedTuple, dataclass

TIME_LIMIT = 60.0
"""Seconds that all of it may take."""

MANIFEST_LIMIT = 4 * 1024 * 1024
"""Bytes of a manifest: what the specification asks registries to take."""

_NAME = re.compile(r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*")
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')
_MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_TITLE = "org.opencontainers.image.title"
_DOCKER_HUB = "docker.io"


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a URI means: an artifact by tag or digest (``reference``), and a file of it, or ''."""

    uri: str
    registry: str
    repository: str
    reference: str
    file: str

    def address(self, kind: str, reference: str) -> str:
        """Where the registry has a manifest or a blob."""
        host = "registry-1.docker.io" if self.registry == _DOCKER_HUB else self.registry
        # As with Docker, a registry on this machine needs no certificate.
        scheme = "http" if http.loopback(f"//{host}") else "https"
        return f"{scheme}://{host}/v2/{self.repository}/{kind}/{reference}"

    def source(self, title: str, content: bytes) -> Source:
        mark = "@" if ":" in self.reference else ":"
        name = f"oci://{self.registry}/{self.repository}{mark}{self.reference}#{title}"
        return Source(name, shown(name), content)


class _Layer(NamedTuple):
    title: str
    digest: str
    size: int


def parse(uri: str) -> Artifact:
    """The artifact that ``oci://HOST/REPOSITORY[:TAG][@DIGEST][#FILE]`` means; a digest goes before a tag.

    Raises ScoreError if it is malformed.
    """
    rest, _, file = uri.partition("://")[2].partition("#")
    registry, _, name = rest.partition("/")
    name, _, digest = name.partition("@")
    repository, _, tag = name.partition(":")
    good = (
        re.fullmatch(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?", registry, re.ASCII)
        and _NAME.fullmatch(repository)
        and (not tag or _TAG.fullmatch(tag))
        and (_DIGEST.fullmatch(digest) if "@" in rest else True)
    )
    if not good:
        raise failure(
            uri, "it names no artifact", "write it as oci://HOST/REPOSITORY:TAG#FILE, or with @DIGEST"
        )
    return Artifact(uri, registry.lower(), repository, digest or tag or "latest", unquote(file))


def fetch(uri: str) -> tuple[Source, ...]:
    """The file that the oci:// URI ``uri`` names, or all YAML files of the artifact.

    An artifact of one file has it taken, whatever its name.
    Raises ScoreError: no such artifact or file, no access, a broken answer, or more than allowed.
    """
    artifact = parse(uri)
    return within(TIME_LIMIT, uri, lambda: _pull(artifact))


def _pull(artifact: Artifact) -> tuple[Source, ...]:
    registry = _Registry(artifact)
    layers = _chosen(artifact, _layers(artifact, registry.manifest()))
    return tuple(artifact.source(layer.title, registry.blob(layer)) for layer in layers)


def _layers(artifact: Artifact, manifest: object) -> list[_Layer]:
    """The files of an artifact: the layers with a name."""
    listed = manifest.get("layers") if isinstance(manifest, dict) else None
    if not isinstance(listed, list):
        raise failure(
            artifact.uri,
            "it is no artifact with files",
            "an artifact is made with `oras push`; of an index, name one entry by its digest",
        )
    layers = []
    for layer in listed:
        match layer:
            case {"digest": str(digest), "size": int(size), "annotations": {**notes}}:
                title = notes.get(_TITLE)
                if isinstance(title, str) and _DIGEST.fullmatch(digest):
                    layers.append(_Layer(title, digest, size))
    for one, other in zip(layers := sorted(layers), layers[1:], strict=False):
        if one.title == other.title:
            raise failure(artifact.uri, f"it has two files '{shown(one.title)}'", "name each layer once")
    return layers


def _chosen(artifact: Artifact, layers: list[_Layer]) -> list[_Layer]:
    if artifact.file:
        chosen = [layer for layer in layers if layer.title == artifact.file]
    else:
        chosen = [layer for layer in layers if layer.title.endswith((".yaml", ".yml"))]
        if not chosen and len(layers) == 1:
            chosen = layers
    if not chosen:
        names = ", ".join(shown(layer.title) for layer in layers[:10])
        raise failure(
            artifact.uri,
            f"it has no file '{shown(artifact.file)}'" if artifact.file else "it has no YAML file",
            f"its files are: {names}" if names else "an artifact with files is made with `oras push`",
        )
    if len(chosen) > FILE_LIMIT:
        raise failure(artifact.uri, f"it has more than {FILE_LIMIT} files", "name one: oci://...#FILE")
    return chosen


class _Registry:
    """Requests for one artifact, with the token that the registry gives when it is asked for one."""

    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact
        self.authorization: str | None = None

    def manifest(self) -> object:
        import json

        reference = self.artifact.reference
        body = self._get("manifests", reference, MANIFEST_LIMIT)
        if ":" in reference:
            self._check(body, reference)
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise failure(self.artifact.uri, "the manifest is no JSON", "is this a registry?") from None

    def blob(self, layer: _Layer) -> bytes:
        if layer.size > SIZE_LIMIT:
            raise too_large(self.artifact.uri, SIZE_LIMIT)
        body = self._get("blobs", layer.digest, SIZE_LIMIT)
        if len(body) != layer.size:
            raise failure(self.artifact.uri, "what came has another size than it should have", "try again")
        self._check(body, layer.digest)
        return body

    def _check(self, body: bytes, digest: str) -> None:
        algorithm, _, wanted = digest.partition(":")
        if hashlib.new(algorithm, body).hexdigest() != wanted:
            raise failure(self.artifact.uri, "what came has another digest than it should have", "try again")

    def _get(self, kind: str, reference: str, limit: int) -> bytes:
        address = self.artifact.address(kind, reference)
        answer = self._ask(address, limit)
        if answer.status == 401 and self.authorization is None:
            self.authorization = self._authorize(address, answer.headers.get("www-authenticate", ""))
            answer = self._ask(address, limit)
        if answer.status != 200:
            raise failure(self.artifact.uri, http.status(answer), _status_hint(answer.status))
        return answer.body

    def _ask(self, address: str, limit: int) -> http.Answer:
        headers = {"Accept": ", ".join(_MANIFESTS) if "/manifests/" in address else "*/*"}
        if self.authorization is not None:
            headers["Authorization"] = self.authorization
        return http.get(address, self.artifact.uri, headers, limit)

    def _authorize(self, address: str, challenge: str) -> str:
        """The header for what a registry wants to see, in the way of its specification."""
        login = _login(self.artifact)
        scheme = challenge.partition(" ")[0].lower()
        if scheme == "basic" and login is not None:
            return login
        parameters = dict(_PARAMETER.findall(challenge))
        realm = parameters.get("realm", "")
        safe = urlsplit(realm).scheme == "https" or (http.loopback(realm) and http.loopback(address))
        if scheme != "bearer" or not safe:
            raise failure(self.artifact.uri, "the registry wants to know who asks", _LOGIN_HINT)
        query = {"scope": parameters.get("scope", f"repository:{self.artifact.repository}:pull")}
        if "service" in parameters:
            query["service"] = parameters["service"]
        joint = "&" if urlsplit(realm).query else "?"
        asked: Mapping[str, str] = {} if login is None else {"Authorization": login}
        answer = http.get(f"{realm}{joint}{urlencode(query)}", self.artifact.uri, asked, MANIFEST_LIMIT)
        return f"Bearer {self._token(answer)}"

    def _token(self, answer: http.Answer) -> str:
        import json

        if answer.status != 200:
            raise failure(self.artifact.uri, f"no token: {http.status(answer)}", _status_hint(answer.status))
        try:
            match json.loads(answer.body):
                case {"token": str(token)} | {"access_token": str(token)} if (
                    token.isascii() and token.isprintable()
                ):
                    return token
        except (ValueError, RecursionError):
            pass
        raise failure(self.artifact.uri, "no token: the registry's answer has none")


def _login(artifact: Artifact) -> str | None:
    """The header for who has logged in to the registry with Docker, None if nobody has."""
    import warnings

    from docker import auth
    from docker.errors import DockerException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = auth.load_config().resolve_authconfig(artifact.registry) or {}
    except (DockerException, AttributeError, TypeError, ValueError):
        # A credential helper that is gone must not keep anybody from what everybody may have.
        return None
    lower = {key.lower(): value for key, value in found.items()}
    user, password = lower.get("username"), lower.get("password")
    return http.basic(user, password) if user and password else None


_LOGIN_HINT = "log in with `docker login`; what it keeps is used here"


def _status_hint(status: int) -> str | None:
    if status in (401, 403):
        return _LOGIN_HINT
    return "check the names of the repository and the tag" if status == 404 else None
