"""Edits of a project that are of one target: see engine_edits.py."""

from __future__ import annotations

import os
from dataclasses import replace

import hypothesis.strategies as st
import keyring
from engine_edits import Edits
from engine_model import GO
from hypothesis.stateful import rule
from keyrings_of_tests import Memory

from doit_score.options import APART, SECRETS
from doit_score.text import light


class ComposeEdits(Edits):
    """Of a project that becomes a Compose file."""

    def __init__(self) -> None:
        super().__init__()
        keyring.set_keyring(Memory())

    @rule(output=st.sampled_from(["compose.yaml", "deploy/compose.yaml", "other.yaml"]), go=GO)
    def another_output(self, output: str, go: bool) -> None:
        os.makedirs("deploy", exist_ok=True)
        self.outputs.add(output)
        self.settings = light.replace(self.settings, output=output)
        self.edited(go)

    @rule(
        builds=st.sampled_from([{}, {"main": {"context": "."}}, {"alpha:main": {"context": "sub"}}]),
        images=st.sampled_from([{}, {"beta:main": "busybox"}]),
        go=GO,
    )
    def other_builds_and_images(
        self, builds: dict[str, dict[str, object]], images: dict[str, str], go: bool
    ) -> None:
        self.settings = light.replace(self.settings, builds=builds, images=images)
        self.edited(go)

    @rule(publish=st.sampled_from([(), ("8080:alpha:80",), ("8080:beta:81", "8081:alpha:80")]), go=GO)
    def other_ports(self, publish: tuple[str, ...], go: bool) -> None:
        self.settings = light.replace(self.settings, publish=publish)
        self.edited(go)

    @rule(start_order=st.sampled_from([None, "wait", "direct"]), go=GO)
    def other_start_order(self, start_order: str | None, go: bool) -> None:
        self.settings = light.replace(self.settings, start_order=start_order)
        self.edited(go)

    @rule(probes=st.sampled_from([None, "exec", "http"]), go=GO)
    def other_probes(self, probes: str | None, go: bool) -> None:
        self.settings = light.replace(self.settings, probes=probes)
        self.edited(go)

    @rule(data=st.data(), probes=st.sampled_from(["", "exec", "http"]), vain=st.booleans(), go=GO)
    def other_probes_of_one(self, data: st.DataObject, probes: str, vain: bool, go: bool) -> None:
        path = data.draw(st.sampled_from(sorted(self.workloads)))
        self.workloads[path] = replace(self.workloads[path], probes=probes, vain=vain)
        self.edited(go)

    @rule(secrets=st.sampled_from([None, SECRETS[0], *APART]), go=GO)
    def secrets_elsewhere(self, secrets: str | None, go: bool) -> None:
        self.settings = light.replace(self.settings, secrets=secrets)
        self.edited(go)

    @rule(
        text=st.sampled_from(
            [
                None,
                "- {op: set, path: services.alpha-main.restart, value: always}\n",
                "- {op: set, path: services.patch.image, value: '{{ env \"ENGINE_TEST\" }}x'}\n",
            ]
        ),
        go=GO,
    )
    def patch_template(self, text: str | None, go: bool) -> None:
        self.put("patch.tpl", text)
        self.settings = light.replace(self.settings, patch_templates=("patch.tpl",) if text else ())
        self.edited(go)

    @rule(
        texts=st.lists(
            st.sampled_from(
                [
                    ("first.tpl", "- {op: set, path: services.alpha-main.hostname, value: first}\n"),
                    ("then.tpl", "- {op: set, path: services.patch.image, value: then}\n"),
                    (
                        "last.j2",
                        "- {op: set, path: services.names.image, value: n{{ workloads | length }}}\n",
                    ),
                ]
            ),
            max_size=2,
        ),
        go=GO,
    )
    def patch_templates_of_init(self, texts: list[tuple[str, str]], go: bool) -> None:
        self.settings = light.replace(self.settings, patch_templates=None, patches=tuple(texts))
        self.edited(go)


class KubernetesEdits(Edits):
    """Of a project that becomes manifests."""

    target, output = "kubernetes", "manifests.yaml"

    @rule(output=st.sampled_from(["manifests.yaml", "deploy/manifests.yaml", "k8s/"]), go=GO)
    def another_output(self, output: str, go: bool) -> None:
        os.makedirs("deploy", exist_ok=True)
        self.elsewhere(output)
        self.edited(go)

    @rule(secrets=st.sampled_from([None, "together", "separate"]), go=GO)
    def secrets_elsewhere(self, secrets: str | None, go: bool) -> None:
        self.settings = light.replace(self.settings, secrets=secrets)
        self.edited(go)

    @rule(images=st.sampled_from([{}, {"beta:main": "busybox"}, {"main": "x"}]), go=GO)
    def other_images(self, images: dict[str, str], go: bool) -> None:
        self.settings = light.replace(self.settings, images=images)
        self.edited(go)

    @rule(
        namespace=st.sampled_from([None, "", "mill", "shed"]),
        generate=st.sampled_from([None, False, True]),
        go=GO,
    )
    def another_namespace(self, namespace: str | None, generate: bool | None, go: bool) -> None:
        self.settings = light.replace(self.settings, namespace=namespace, generate_namespace=generate)
        self.edited(go)

    @rule(format_=st.sampled_from([None, "yaml", "kyaml"]), go=GO)
    def another_format(self, format_: str | None, go: bool) -> None:
        self.settings = light.replace(self.settings, format=format_)
        self.edited(go)

    @rule(data=st.data(), kind=st.sampled_from(["", "Deployment", "StatefulSet"]), go=GO)
    def another_kind(self, data: st.DataObject, kind: str, go: bool) -> None:
        path = data.draw(st.sampled_from(sorted(self.workloads)))
        self.workloads[path] = replace(self.workloads[path], kind=kind)
        self.edited(go)

    @rule(
        text=st.sampled_from(
            [
                None,
                "- {op: set, path: 0.metadata.labels.first, value: 'yes'}\n",
                "- {op: set, path: 0.metadata.labels.env, value: '{{ env \"ENGINE_TEST\" }}x'}\n",
            ]
        ),
        go=GO,
    )
    def patch_template(self, text: str | None, go: bool) -> None:
        self.put("patch.tpl", text)
        self.settings = light.replace(self.settings, patch_templates=("patch.tpl",) if text else ())
        self.edited(go)

    @rule(
        texts=st.lists(
            st.sampled_from(
                [
                    (
                        "first.tpl",
                        "- {op: set, path: 0.metadata.labels.n, value: {{ .Namespace | quote }}}\n",
                    ),
                    (
                        "last.j2",
                        "- {op: set, path: 0.metadata.labels.n, value: n{{ manifests | length }}}\n",
                    ),
                ]
            ),
            max_size=2,
        ),
        go=GO,
    )
    def patch_templates_of_init(self, texts: list[tuple[str, str]], go: bool) -> None:
        self.settings = light.replace(self.settings, patch_templates=None, patches=tuple(texts))
        self.edited(go)
