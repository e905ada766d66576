"""The site of docs/: it is built without a warning, and has every page and what pages show."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parent.parent
CONFIG = (ROOT / "zensical.toml").read_text()
ADDRESS = "https://github.com/doit-score/doit-score"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "docs", place / "docs")
    shutil.copy(ROOT / "zensical.toml", place)
    done = build(place)
    assert done.returncode == 0, done.stdout + done.stderr
    return place / "site"


def build(place: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    return subprocess.run(command, cwd=place, capture_output=True, text=True)


class Links(HTMLParser):
    """What a page links to, and shows."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name in ("href", "src") and value}


def test_every_page_is_in_the_navigation_and_no_other() -> None:
    pages = {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")}
    listed = re.findall(r'"([^"]+\.md)"', CONFIG)
    assert sorted(listed) == sorted(pages)


def test_all_that_a_page_of_the_site_links_to_is_there(site: Path) -> None:
    pages = sorted(site.rglob("index.html"))
    assert len(pages) == len(list((ROOT / "docs").rglob("*.md")))
    missing = []
    for page in pages:
        reader = Links()
        reader.feed(page.read_text(encoding="utf-8"))
        for link in sorted(reader.found):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or not parts.path:
                continue
            target = page.parent / unquote(parts.path)
            if not (target / "index.html" if target.is_dir() else target).exists():
                missing.append(f"{page.relative_to(site)}: {link}")
    assert missing == []


def test_the_picture_is_on_its_page(site: Path) -> None:
    page = (site / "graph" / "index.html").read_text(encoding="utf-8")
    (source,) = re.findall(r'<img[^>]* src="([^"]*graph\.svg)"', page)
    assert (site / "graph" / source).read_bytes() == (ROOT / "docs" / "graph.svg").read_bytes()


def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# A page\n\n[lost](nowhere.md)\n")
    (tmp_path / "zensical.toml").write_text('[project]\nsite_name = "x"\n')
    done = build(tmp_path)
    assert done.returncode != 0
    assert "does not exist" in done.stdout + done.stderr


def test_addresses_of_the_repository_lead_to_files_that_are_there() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    found = {
        link
        for page in pages
        for link in re.findall(rf"{ADDRESS}/(?:blob|tree)/main/([^)#\s]+)", page.read_text())
    }
    assert found
    assert [link for link in sorted(found) if not (ROOT / link).exists()] == []


def test_the_repository_has_one_address() -> None:
    text = (ROOT / "pyproject.toml").read_text() + CONFIG + (ROOT / "docs" / "ci.md").read_text()
    assert set(re.findall(r"https://github\.com/[\w-]+/doit-score", text)) == {ADDRESS}
