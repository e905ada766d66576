"""`exec`, `restart`, `logs` and what `up` can be asked for, in a real cluster."""

from __future__ import annotations

from e2e.kubernetes.clustered import IMAGE, Clustered

WEB = f"""\
apiVersion: score.dev/v1b1
metadata: {{name: web}}
containers:
  main: {{image: {IMAGE}, command: [sh, -c, "echo main; sleep 1000"]}}
  side: {{image: {IMAGE}, command: [sleep, "1000"]}}
"""
API = f"""\
apiVersion: score.dev/v1b1
metadata: {{name: api}}
containers:
  main: {{image: {IMAGE}, command: [sh, -c, "echo api; sleep 1000"]}}
"""


def test_what_is_asked_for_is_brought_up_looked_into_and_restarted(here: Clustered) -> None:
    here.write("web.score.yaml", WEB)
    here.write("api.score.yaml", API)
    here.score("generate", "web.score.yaml", "api.score.yaml")
    said = here.score("up", "api", "--context", "test").err
    assert said.endswith("INFO: api is up: 1 object\n")
    assert sorted(here.pods()) == ["api"]
    assert here.score("up", "api").err.endswith("INFO: nothing to do: the cluster has 1 object, as wanted\n")
    here.score("up")
    pods = here.pods()
    here.remove("web.score.yaml")
    here.write("api.score.yaml", API.replace("1000", "1001"))
    here.score("generate", "api.score.yaml")
    here.score("up", "api")
    assert (here.pods()["web"], here.pods()["api"] != pods["api"]) == (pods["web"], True)
    here.write("web.score.yaml", WEB)
    here.score("generate")

    assert here.score("exec", "web:main", "--", "sh", "-c", "cat; exit 7", stdin="in", exit=7).out == "in"
    assert here.score("exec", "api", "echo", "a  b", "-c").out == "a  b -c\n"
    said = "'web' has 2 containers\n  hint: name one of them: web:main, web:side\n"
    assert here.score("exec", "web", "ls", exit=1).err == f"Error: {said}"
    assert "did you mean 'api'?" in here.score("exec", "apo", "ls", exit=1).err

    here.wait_for_the_old()
    (line,) = here.score("logs", "api", "--timestamps", "--since", "1h").out.splitlines()
    _, moment, text = line.split()
    assert (text, moment[:2]) == ("api", "20")
    assert here.score("logs", "api", "--since", "2000-01-01").out.split()[-1] == "api"

    before = here.pods()
    assert here.score("restart", "api").err.endswith("INFO: restarted 1 object\n")
    after = here.pods()
    assert (after["web"], after["api"] != before["api"]) == (before["web"], True)
    assert here.score("up").err.endswith("INFO: nothing to do: the cluster has 2 objects, as wanted\n")

    for command in (
        ["up", "--pull", "always"],
        ["up", "--no-build"],
        ["logs", "--until", "1h"],
        ["down", "-t", "1"],
    ):
        flag = {"--no-build": "--build", "-t": "--timeout"}.get(command[1], command[1])
        said = f"Error: {flag} is for the target compose, and this project is for kubernetes\n"
        assert here.score(*command, exit=1).err == said
