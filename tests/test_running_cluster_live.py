"""What `diff --live` makes of what kubectl says."""

from __future__ import annotations

from doit_score.running.cluster.live import told

WEB, PAGE, KEY, OLD = (
    "apps/v1 Deployment shop web",
    "v1 ConfigMap shop page",
    "v1 Secret shop key",
    "v1 Service shop old",
)
HUNK = "@@ -1,3 +1,3 @@\n spec:\n-  replicas: 1\n+  replicas: 2\n   x: y\n"


def section(name: str, body: str) -> str:
    old, new = f"/tmp/LIVE-1/{name}", f"/tmp/MERGED-2/{name}"
    return f"diff -u -N {old} {new}\n--- {old}\t2026-01-01\n+++ {new}\t2026-01-01\n{body}"


def test_objects_go_by_their_names_and_what_is_new_has_no_more_than_that() -> None:
    said = "".join(
        [
            section("apps.v1.Deployment.shop.web", HUNK),
            section("v1.ConfigMap.shop.page", "@@ -0,0 +1,2 @@\n+data:\n+  file: hey\n"),
            section("v1.Secret.shop.key", "@@ -1 +1,2 @@\n-null\n+data:\n+  key: '***'\n"),
        ]
    )
    changed = f"--- Deployment 'web' in the cluster\n+++ Deployment 'web' after `up`\n{HUNK}"
    assert told(said, [WEB, PAGE, KEY], [OLD]) == [
        ("Deployment/web", "change", changed),
        ("ConfigMap/page", "make", "ConfigMap 'page' would be made\n"),
        ("Secret/key", "make", "Secret 'key' would be made\n"),
        ("Service/old", "remove", "Service 'old' would be removed\n"),
    ]


def test_a_line_of_an_object_is_no_head_of_a_section() -> None:
    body = "@@ -1,2 +1,2 @@\n data:\n-  a: b\n+  diff -u -N /tmp/LIVE-1/x /tmp/MERGED-2/x\n"
    text = f"--- ConfigMap 'page' in the cluster\n+++ ConfigMap 'page' after `up`\n{body}"
    assert told(section("v1.ConfigMap.shop.page", body), [PAGE], []) == [("ConfigMap/page", "change", text)]


def test_where_not_even_the_namespace_is_there() -> None:
    said = "Only in x: apps.v1.Deployment.shop.web\nOnly in x: v1.ConfigMap.shop.page\n"
    assert told(said, [WEB, PAGE], []) == [
        ("Deployment/web", "make", "Deployment 'web' would be made\n"),
        ("ConfigMap/page", "make", "ConfigMap 'page' would be made\n"),
    ]


def test_nothing() -> None:
    assert told("", [], []) == []
