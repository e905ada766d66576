"""The law of the engine: whatever was edited, a run leaves what a run from scratch would leave.

What "from scratch" means is in docs/design.md; ``engineering.same_generated_values`` makes it so.
"""

from __future__ import annotations

import os

import pytest
from engine_model import TYPES, Entry
from engine_targets import ComposeEdits, KubernetesEdits
from hypothesis import HealthCheck, Phase, settings

from doit_score.text import yaml12

EXAMPLES = int(os.environ.get("ENGINE_EXAMPLES", "30"))
LAW = settings(
    stateful_step_count=int(os.environ.get("ENGINE_STEPS", "20")),
    phases=[phase for phase in Phase if phase.name not in os.environ.get("ENGINE_WITHOUT", "explain")],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)

ComposeEdits.TestCase.settings = settings(LAW, max_examples=EXAMPLES)
# What is the engine's was tried with the other target.
KubernetesEdits.TestCase.settings = settings(LAW, max_examples=max(EXAMPLES // 3, 1))
TestCompose, TestKubernetes = ComposeEdits.TestCase, KubernetesEdits.TestCase


@pytest.mark.parametrize("target", ["compose", "kubernetes"])
def test_the_provisioners_of_this_test_are_read(target: str) -> None:
    for type_ in TYPES:
        assert isinstance(yaml12.load(Entry(type_, 0).text(target)), list)
