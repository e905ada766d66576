"""A shop of two workloads: their images, two environments, and tests against what is up."""

import sys
from pathlib import Path

from doit.action import CmdAction

from doit_score import environments

APPS = ("api", "front")

DOIT_CONFIG = {"default_tasks": ["dev-generate"]}


def task_image():
    """Build the image of an app, when a file of it has changed."""
    for app in APPS:
        yield {
            "name": app,
            "actions": [CmdAction(f"docker build --quiet apps/{app}", save_out="image")],
            "verbosity": 0,
            "file_dep": sorted(str(path) for path in Path("apps", app).rglob("*") if path.is_file()),
        }


packs = environments(
    {
        "dev": {
            "publish": "28091:front:80",
            "images": {f"{app}:main": f"image:{app}" for app in APPS},
        },
        "stage": {
            "target": "kubernetes",
            "namespace": "shop",
            "images": {f"{app}:main": f"registry.example.com/shop/{app}:1.0" for app in APPS},
        },
    },
    workloads="apps/*/score.yaml",
)


def task_test():
    """Run the tests against the shop, which is up for them, and goes down after them."""
    return {
        "actions": [f"{sys.executable} -m pytest -q tests"],
        "setup": ["dev-up"],
        "teardown": [packs["dev"].down],
        "verbosity": 2,
    }
