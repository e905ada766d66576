"""Secrets and configs that provisioners return, in real containers."""

from __future__ import annotations

from docking import IMAGE, Docked, docker

GO = f"""\
- uri: template://tests/go
  type: go
  files: |
    of-go: "password of go"
  secrets: |
    go-file: {{file: {{{{ .MountsDirectory }}}}/of-go}}
    go-variable: {{environment: OF_GO}}
  services: |
    go:
      image: {IMAGE}
      command: [sleep, "1000"]
      secrets: [go-file, {{source: go-variable, target: /etc/variable, uid: 7, mode: "0440"}}]
"""
JINJA = f"""\
- uri: jinja://tests/jinja
  type: jinja
  files: |
    of-jinja: "a file"
  configs: |
    jinja-file: {{file: "{{{{ mounts_directory }}}}/of-jinja"}}
    jinja-text: {{content: "a text"}}
  services: |
    jinja:
      image: {IMAGE}
      command: [sleep, "1000"]
      configs: [jinja-file, {{source: jinja-text, target: /etc/text}}]
"""
SCORE = f"""\
apiVersion: score.dev/v1b1
metadata: {{name: web}}
containers: {{main: {{image: {IMAGE}, command: [sleep, "1000"]}}}}
resources: {{one: {{type: go}}, two: {{type: jinja}}}}
"""


def test_containers_read_the_secrets_and_configs_of_provisioners(here: Docked) -> None:
    here.write("score.yaml", SCORE)
    here.write("provisioners/go.provisioners.yaml", GO)
    here.write("provisioners/jinja.provisioners.yaml", JINJA)
    here.write(".env", "OF_GO=a variable\n")
    here.doit("up")
    assert docker("compose", "--file", str(here.path / "compose.yaml"), "config", "--quiet") == ""
    assert here.inside("go", "cat", "/run/secrets/go-file") == "password of go"
    assert here.inside("go", "cat", "/etc/variable") == "a variable"
    assert here.inside("jinja", "cat", "/jinja-file") == "a file"
    assert here.inside("jinja", "cat", "/etc/text") == "a text"
    assert "password of go" not in here.read("compose.yaml")
    ids = here.ids()
    assert here.doit("up").out.splitlines()[-1] == "-- up"
    # The password is mounted from a file, which is written anew: who mounts it starts again.
    here.write("provisioners/go.provisioners.yaml", GO.replace("password of go", "another"))
    here.doit("up")
    assert here.inside("go", "cat", "/run/secrets/go-file") == "another"
    assert here.ids() == ids
    # A text is copied into a container when it is made.
    here.write("provisioners/jinja.provisioners.yaml", JINJA.replace("a text", "other words"))
    here.doit("up")
    assert here.inside("jinja", "cat", "/etc/text") == "other words"
    assert here.ids()["go"] == ids["go"] and here.ids()["jinja"] != ids["jinja"]
    assert here.doit("up").out.splitlines()[-1] == "-- up"
