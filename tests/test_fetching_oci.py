"""Files of artifacts, from a registry on loopback that is as small as the protocol allows."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256, sha512
from pathlib import Path
from threading import Event

import pytest
from loopback import Asked, Reply, Server, serving

from doit_score.fetching import Source, http, oci
from doit_score.text.errors import ScoreError

LOGIN_HINT = "log in with `docker login`; what it keeps is used here"


def digest_of(content: bytes) -> str:
    return f"sha256:{sha256(content).hexdigest()}"


@dataclass
class Registry:
    """What the registry has, and whether it wants to know who asks."""

    server: Server
    blobs: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[str, bytes] = field(default_factory=dict)
    challenge: str | None = None
    wanted: str | None = None
    token: Reply = field(default_factory=lambda: Reply(b'{"token": "t0ken"}'))
    elsewhere: str | None = None

    def push(self, tag: str, files: dict[str, bytes], **more: object) -> str:
        layers = []
        for title, content in files.items():
            self.blobs[digest_of(content)] = content
            notes = {"org.opencontainers.image.title": title} if title else {}
            layers.append({"digest": digest_of(content), "size": len(content), "annotations": notes})
        return self.push_manifest(tag, {"schemaVersion": 2, "layers": layers, **more})

    def push_manifest(self, tag: str, manifest: object) -> str:
        content = json.dumps(manifest).encode()
        self.manifests[tag] = self.manifests[digest_of(content)] = content
        return digest_of(content)

    def answer(self, asked: Asked) -> Reply:
        if asked.path.startswith("/token"):
            return self.token
        if self.wanted is not None and asked.headers.get("authorization") != self.wanted:
            return Reply(b"{}", 401, {"WWW-Authenticate": self.challenge or ""})
        kind, _, reference = asked.path.removeprefix("/v2/some/thing/").partition("/")
        if kind == "blobs" and self.elsewhere is not None:
            return Reply(status=307, headers={"Location": f"{self.elsewhere}/{reference}"})
        content = {"manifests": self.manifests, "blobs": self.blobs}.get(kind, {}).get(reference)
        return Reply(b'{"errors": []}', 404) if content is None else Reply(content)

    def uri(self, rest: str) -> str:
        return f"oci://{self.server.host}/some/thing{rest}"


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    kept: list[Registry] = []
    with serving(lambda asked: kept[0].answer(asked)) as server:
        kept.append(Registry(server))
        yield kept[0]


def log_in(registry: Registry, tmp_path: Path) -> None:
    auth = {registry.server.host: {"auth": b64encode(b"me:secret").decode()}}
    (tmp_path / "config.json").write_text(json.dumps({"auths": auth}))


def message_for(uri: str) -> str:
    with pytest.raises(ScoreError) as error:
        oci.fetch(uri)
    return str(error.value)


def test_the_one_file_of_an_artifact_is_fetched(registry: Registry) -> None:
    registry.push("latest", {"a.yaml": b"one\r\n"})
    name = registry.uri(":latest#a.yaml")
    assert oci.fetch(registry.uri("")) == (Source(name, name, b"one\r\n"),)
    assert [asked.path for asked in registry.server.asked] == [
        "/v2/some/thing/manifests/latest",
        f"/v2/some/thing/blobs/{digest_of(b'one' + bytes((13, 10)))}",
    ]
    assert registry.server.asked[0].headers["accept"] == (
        "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json"
    )


def test_a_file_can_be_named(registry: Registry) -> None:
    registry.push("1.0", {"a.yaml": b"a", "sub/b.tpl": b"b", "c d.yaml": b"c"})
    assert [each.content for each in oci.fetch(registry.uri(":1.0#sub/b.tpl"))] == [b"b"]
    assert [each.content for each in oci.fetch(registry.uri(":1.0#c%20d.yaml"))] == [b"c"]


def test_without_a_name_all_yaml_files_are_fetched_in_the_order_of_their_names(registry: Registry) -> None:
    registry.push("latest", {"b.yaml": b"b", "README.md": b"r", "a.yml": b"a", "": b"nameless"})
    assert [(each.name, each.content) for each in oci.fetch(registry.uri(":latest"))] == [
        (registry.uri(":latest#a.yml"), b"a"),
        (registry.uri(":latest#b.yaml"), b"b"),
    ]


def test_without_a_yaml_file_the_only_file_is_fetched(registry: Registry) -> None:
    registry.push("latest", {"patch.tpl": b"p"})
    assert [each.content for each in oci.fetch(registry.uri(""))] == [b"p"]


@pytest.mark.parametrize("tag", ["", ":other"])
def test_a_digest_goes_before_a_tag(registry: Registry, tag: str) -> None:
    digest = registry.push("old", {"a.yaml": b"old"})
    registry.push("other", {"a.yaml": b"new"})
    name = registry.uri(f"@{digest}#a.yaml")
    assert oci.fetch(registry.uri(f"{tag}@{digest}")) == (Source(name, name, b"old"),)


def test_blobs_with_sha512_are_taken(registry: Registry) -> None:
    digest = f"sha512:{sha512(b'one').hexdigest()}"
    registry.blobs[digest] = b"one"
    notes = {"org.opencontainers.image.title": "a.yaml"}
    registry.push_manifest("latest", {"layers": [{"digest": digest, "size": 3, "annotations": notes}]})
    assert [each.content for each in oci.fetch(registry.uri(""))] == [b"one"]


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        (
            ":none",
            "the server answered with status 404 (Not Found)\n"
            "  hint: check the names of the repository and the tag",
        ),
        ("#c.yaml", "it has no file 'c.yaml'\n  hint: its files are: README.md, a.txt"),
        ("", "it has no YAML file\n  hint: its files are: README.md, a.txt"),
        (
            ":index",
            "it is no artifact with files\n"
            "  hint: an artifact is made with `oras push`; of an index, name one entry by its digest",
        ),
        (
            ":image",
            "it has no YAML file\n  hint: an artifact with files is made with `oras push`",
        ),
        (":broken", "the manifest is no JSON\n  hint: is this a registry?"),
        (":shorter", "what came has another size than it should have\n  hint: try again"),
        (":twice", "it has two files 'a.yaml'\n  hint: name each layer once"),
        (":changed", "what came has another digest than it should have\n  hint: try again"),
        (":large", "it is larger than 10240 KiB\n  hint: is this the right file?"),
    ],
)
def test_what_cannot_be_had_is_an_error(registry: Registry, rest: str, message: str) -> None:
    registry.push("latest", {"a.txt": b"a", "README.md": b"r"})
    registry.push_manifest("index", {"manifests": []})
    registry.push("image", {"": b"layer"})
    registry.manifests["broken"] = b"<html>"
    registry.push("changed", {"a.yaml": b"as pushed"})
    registry.blobs[digest_of(b"as pushed")] = b"as pushes"
    notes = {"org.opencontainers.image.title": "a.yaml"}
    registry.push("shorter", {"b.yaml": b"of this size"})
    registry.blobs[digest_of(b"of this size")] = b"of no"
    twice = {"digest": digest_of(b"as pushed"), "size": 9, "annotations": notes}
    registry.push_manifest("twice", {"layers": [twice, twice]})
    large = {"digest": digest_of(b"l"), "size": oci.SIZE_LIMIT + 1, "annotations": notes}  # type: ignore[attr-defined]  # what the module uses
    registry.push_manifest("large", {"layers": [large]})
    assert message_for(registry.uri(rest)) == f"cannot fetch '{registry.uri(rest)}': {message}"


def test_a_blob_that_is_larger_than_the_manifest_says_is_an_error(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.push("latest", {"a.yaml": b"x" * 3000})
    manifest = json.loads(registry.manifests["latest"])
    manifest["layers"][0]["size"] = 1
    registry.push_manifest("latest", manifest)
    monkeypatch.setattr(oci, "SIZE_LIMIT", 2048)
    assert message_for(registry.uri("")) == (
        f"cannot fetch '{registry.uri('')}': it is larger than 2 KiB\n  hint: is this the right file?"
    )


def test_a_manifest_that_is_too_large_is_an_error(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.push("latest", {"a.yaml": b"x"}, annotations={"filler": "x" * 1024})
    monkeypatch.setattr(oci, "MANIFEST_LIMIT", 1024)
    assert message_for(registry.uri("")) == (
        f"cannot fetch '{registry.uri('')}': it is larger than 1 KiB\n  hint: is this the right file?"
    )


def test_a_manifest_with_another_digest_is_an_error(registry: Registry) -> None:
    digest = registry.push("latest", {"a.yaml": b"x"})
    registry.manifests[digest] = registry.manifests["latest"] + b" "
    assert message_for(registry.uri(f"@{digest}")) == (
        f"cannot fetch '{registry.uri(f'@{digest}')}': what came has another digest than it should have\n"
        "  hint: try again"
    )


def test_an_artifact_of_too_many_files_is_an_error(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.push("latest", {f"{number}.yaml": b"x" for number in range(3)})
    monkeypatch.setattr(oci, "FILE_LIMIT", 2)
    assert message_for(registry.uri("")) == (
        f"cannot fetch '{registry.uri('')}': it has more than 2 files\n  hint: name one: oci://...#FILE"
    )


@pytest.mark.parametrize("layers", [None, {}, [None], [{"digest": 1}], [{"digest": "x", "size": 1}]])
def test_manifests_of_any_shape_are_an_error(registry: Registry, layers: object) -> None:
    registry.push_manifest("latest", {"layers": layers})
    assert message_for(registry.uri("")).startswith(f"cannot fetch '{registry.uri('')}': it ")


@pytest.mark.parametrize(
    "uri",
    [
        "oci://host",
        "oci://host/",
        "oci:///some/thing",
        "oci://host/Some/Thing",
        "oci://host/some/../thing",
        "oci://host/some//thing",
        "oci://host/some/thing:a/b",
        "oci://host/some/thing@sha256:abc",
        "oci://host/some/thing@",
        "oci://me:secret@host/some/thing",
        "oci://host/some/thing?x=y",
    ],
)
def test_what_names_no_artifact_is_an_error(uri: str) -> None:
    assert message_for(uri) == (
        f"cannot fetch '{uri.replace('me:secret@', '')}': it names no artifact\n"
        "  hint: write it as oci://HOST/REPOSITORY:TAG#FILE, or with @DIGEST"
    )


def test_addresses_of_registries() -> None:
    digest = f"sha256:{'0' * 64}"
    found = {
        uri: oci.parse(uri).address("manifests", oci.parse(uri).reference)
        for uri in (
            "oci://docker.io/me/thing:v1#a.yaml",
            f"oci://ghcr.io/a/b/c@{digest}",
            "oci://localhost:5000/thing",
            "oci://[::1]:5000/thing",
        )
    }
    assert list(found.values()) == [
        "https://registry-1.docker.io/v2/me/thing/manifests/v1",
        f"https://ghcr.io/v2/a/b/c/manifests/{digest}",
        "http://localhost:5000/v2/thing/manifests/latest",
        "http://[::1]:5000/v2/thing/manifests/latest",
    ]


def test_who_has_not_logged_in_gets_a_token_for_everybody(registry: Registry) -> None:
    registry.push("latest", {"a.yaml": b"one"})
    address = registry.server.address
    scope = "repository:some/thing:pull"
    registry.challenge = f'Bearer realm="{address}/token?x=y",service="here",scope="{scope}"'
    registry.wanted = "Bearer t0ken"
    assert [each.content for each in oci.fetch(registry.uri(""))] == [b"one"]
    assert [(asked.path[:15], asked.headers.get("authorization")) for asked in registry.server.asked] == [
        ("/v2/some/thing/", None),
        ("/token?x=y&scop", None),
        ("/v2/some/thing/", "Bearer t0ken"),
        ("/v2/some/thing/", "Bearer t0ken"),
    ]
    assert registry.server.asked[1].path == "/token?x=y&scope=repository%3Asome%2Fthing%3Apull&service=here"


def test_who_has_logged_in_with_docker_gets_a_token_for_that(registry: Registry, tmp_path: Path) -> None:
    registry.push("latest", {"a.yaml": b"one"})
    registry.challenge = f'Bearer realm="{registry.server.address}/token"'
    registry.wanted = "Bearer t0ken"
    registry.token = Reply(b'{"access_token": "t0ken"}')
    log_in(registry, tmp_path)
    assert [each.content for each in oci.fetch(registry.uri(""))] == [b"one"]
    assert registry.server.asked[1].headers["authorization"] == http.basic("me", "secret")


def test_a_registry_that_wants_a_password_gets_the_one_of_docker(registry: Registry, tmp_path: Path) -> None:
    registry.push("latest", {"a.yaml": b"one"})
    registry.challenge = 'Basic realm="here"'
    registry.wanted = http.basic("me", "secret")
    assert message_for(registry.uri("")) == (
        f"cannot fetch '{registry.uri('')}': the registry wants to know who asks\n  hint: {LOGIN_HINT}"
    )
    log_in(registry, tmp_path)
    assert [each.content for each in oci.fetch(registry.uri(""))] == [b"one"]


def test_a_token_is_not_sent_to_where_the_files_are_kept(registry: Registry) -> None:
    registry.push("latest", {"a.yaml": b"one"})
    registry.challenge = f'Bearer realm="{registry.server.address}/token"'
    registry.wanted = "Bearer t0ken"
    with serving(lambda asked: Reply(b"one")) as storage:
        registry.elsewhere = storage.address
        assert [each.content for each in oci.fetch(registry.uri(""))] == [b"one"]
    assert [asked.headers.get("authorization") for asked in storage.asked] == [None]


@pytest.mark.parametrize(
    ("challenge", "token", "message"),
    [
        ("", Reply(), f"the registry wants to know who asks\n  hint: {LOGIN_HINT}"),
        (
            'Bearer realm="http://elsewhere.test/token"',
            Reply(),
            f"the registry wants to know who asks\n  hint: {LOGIN_HINT}",
        ),
        ('Bearer realm="{}/token"', Reply(b"{}"), "no token: the registry's answer has none"),
        ('Bearer realm="{}/token"', Reply(b"<html>"), "no token: the registry's answer has none"),
        ('Bearer realm="{}/token"', Reply(b'{"token": "a\\nb"}'), "no token: the registry's answer has none"),
        (
            'Bearer realm="{}/token"',
            Reply(b"secret", 403),
            f"no token: the server answered with status 403 (Forbidden)\n  hint: {LOGIN_HINT}",
        ),
        (
            'Bearer realm="{}/token"',
            Reply(b'{"token": "wrong"}'),
            f"the server answered with status 401 (Unauthorized)\n  hint: {LOGIN_HINT}",
        ),
    ],
)
def test_access_that_is_not_given_is_an_error(
    registry: Registry, challenge: str, token: Reply, message: str
) -> None:
    registry.wanted = "Bearer t0ken"
    registry.challenge = challenge.format(registry.server.address)
    registry.token = token
    assert message_for(registry.uri("")) == f"cannot fetch '{registry.uri('')}': {message}"


@pytest.mark.parametrize(
    "config", ['{"credsStore": "that-is-not-installed"}', '{"auths": {"x": 1}}', "no JSON", '{"auths": 1}']
)
def test_credentials_of_docker_that_cannot_be_read_are_none(
    registry: Registry, tmp_path: Path, config: str
) -> None:
    registry.push("latest", {"a.yaml": b"one"})
    registry.challenge = f'Bearer realm="{registry.server.address}/token"'
    registry.wanted = "Bearer t0ken"
    (tmp_path / "config.json").write_text(config)
    assert [each.content for each in oci.fetch(registry.uri(""))] == [b"one"]
    assert "authorization" not in registry.server.asked[1].headers


def test_a_registry_that_says_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    released = Event()

    def silent(asked: Asked) -> Reply:
        released.wait()
        return Reply()

    monkeypatch.setattr(oci, "TIME_LIMIT", 0.2)
    with serving(silent) as server:
        message = message_for(f"oci://{server.host}/thing")
        released.set()
    assert message == (
        f"cannot fetch 'oci://{server.host}/thing': it took longer than 0.2 s\n"
        "  hint: try again, or download it yourself"
    )
