"""`watch --up` with a real cluster: what is saved runs, and nothing else is touched."""

from __future__ import annotations

import os
import signal

from e2e.kubernetes.clustered import Clustered
from e2e.kubernetes.test_up import ASKER, web


def test_what_is_saved_is_brought_up_and_the_pods_of_others_stay(here: Clustered) -> None:
    here.write("score.yaml", web())
    here.write("asker.score.yaml", ASKER)
    here.score("generate", "score.yaml", "asker.score.yaml")
    process = here.begin("watch", "--up", "--context", "test")
    up = f"INFO: project '{here.project}' is up: 4 objects\n"
    assert process.stderr is not None
    try:
        assert up in iter(process.stderr.readline, "")
        before = here.pods()
        # At once, as editors do it: of two rounds Ctrl-C might meet the second.
        here.write("../saved.yaml", web(page="other"))
        os.replace(here.path / "../saved.yaml", here.path / "score.yaml")
        assert up in iter(process.stderr.readline, "")
        after = here.pods()
        assert here.kubectl("exec", "deployment/web", "--", "cat", "/www/page") == "other"
    finally:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=600)
    assert (process.returncode, out) == (0, ""), err
    assert (after["web"] != before["web"], after["asker"]) == (True, before["asker"])
