"""With the order `direct` a workload starts when its own resources are ready."""

from __future__ import annotations

from docking import Docked, workload

# What the workload `first` leaves in the volume is what makes `late` healthy.  If `first` waited for all
# resources, both would wait for ever.
RESOURCES = """\
- uri: jinja://tests/early
  type: early
  outputs: |
    host: early
    volume: go
  services: |
    early:
      image: dsu-busybox:2
      command: [sleep, "1000"]
      healthcheck: {test: [CMD, "true"], interval: 300ms}
  volumes: |
    go: {}
- uri: jinja://tests/late
  type: late
  outputs: |
    host: late
  services: |
    late:
      image: dsu-busybox:2
      command: [sleep, "1000"]
      volumes: [{type: volume, source: go, target: /go}]
      healthcheck: {test: [CMD, test, -f, /go/first], interval: 300ms, retries: 2000}
"""


def test_a_workload_does_not_wait_for_resources_of_others(here: Docked) -> None:
    here.dodo("start_order='direct'")
    here.write("provisioners/all.provisioners.yaml", RESOURCES)
    first = workload("first", "[sh, -c, 'touch /go/first; sleep 1000']", resources={"db": "early"})
    first = first.replace("service:", "    volumes:\n      /go: {source: '${resources.db.volume}'}\nservice:")
    here.write("first.score.yaml", first)
    here.write("last.score.yaml", workload("last", resources={"db": "late"}))
    here.doit("up")
    started = here.started()
    assert started["early"] < started["first-main"] < started["last-main"]
    assert here.states() == dict.fromkeys(("early", "first-main", "last-main", "late"), "running")
    assert here.doit("up").out.splitlines()[-1] == "-- up"
