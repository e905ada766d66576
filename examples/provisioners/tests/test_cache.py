"""The provisioner of caches, by the plugin that doit-score has for pytest."""

from pathlib import Path

import pytest

PROVISIONER = "provisioners/cache.provisioners.yaml"


def test_a_cache_is_a_memcached_of_the_size_that_is_asked_for(provision):
    made = provision(PROVISIONER, params={"megabytes": 32})
    assert made.outputs["port"] == 11211
    assert made.services[made.outputs["host"]] == {
        "image": "memcached:1.6-alpine",
        "command": ["--memory-limit=32"],
    }
    assert made.warnings == ()
    made.again()


def test_a_size_that_is_no_number_is_refused(provision):
    with pytest.raises(AssertionError, match="megabytes"):
        provision(PROVISIONER, params={"megabytes": "many"})


def test_the_workload_is_told_where_its_cache_is(provision):
    project = provision.project({"score.yaml": Path("score.yaml").read_text()})
    host = project.outputs["cache.default#front.cache"]["host"]
    assert project.services["front-web"]["environment"] == {"CACHE": f"{host}:11211"}
    project.again()
