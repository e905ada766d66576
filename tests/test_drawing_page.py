"""The page of `doit-score graph -o graph.html` in a browser: what is clicked and typed there works.

It needs Debian's packages chromium and chromium-driver.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import graphs
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

PROGRAMS = ("chromium", "chromedriver")
MISSING = [name for name in PROGRAMS if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(
    bool(MISSING) and not os.environ.get("CI"),
    reason=f"there is no {' and no '.join(MISSING)}: Debian has the packages chromium and chromium-driver",
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1400,900",
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of the project of docs/graph.md."""
    folder = tmp_path_factory.mktemp("page") / "shop"
    folder.mkdir()
    graphs.write(folder)
    graphs.run(folder, "--quiet", "init", "--no-sample")
    graphs.run(folder, "--quiet", "generate", "orders/score.yaml", "mailer/score.yaml")
    graphs.run(folder, "graph", "-o", "graph.html")
    return folder / "graph.html"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver") or "chromedriver")
    driver = webdriver.Chrome(options=options, service=service)
    try:
        yield driver
    finally:
        driver.quit()


class Browser:
    """A page in Chromium."""

    def __init__(self, driver: webdriver.Chrome, page: Path) -> None:
        self._driver = driver
        self._page = page

    def open(self, at: str = "") -> Browser:
        self._driver.get("about:blank")  # an address that differs in its end only is no new page
        self._driver.get(f"{self._page.as_uri()}{at}")
        return self

    def one(self, selector: str) -> WebElement:
        return self._driver.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        return [one.text for one in self._driver.find_elements(By.CSS_SELECTOR, selector)]

    def box(self, id: str) -> WebElement:
        return self.one(f'.node[data-id="{id}"]')

    def listed(self) -> list[str]:
        """What a search has found."""
        found = self._driver.find_elements(By.CSS_SELECTOR, "#results [data-goes-to]")
        return [str(one.get_attribute("data-goes-to")) for one in found]

    def ids(self, selector: str) -> list[str]:
        """Of the boxes that are marked so."""
        found = self._driver.find_elements(By.CSS_SELECTOR, f".node{selector}")
        return [str(one.get_attribute("data-id")) for one in found]

    def run(self, script: str) -> object:
        """What a function with this body gives."""
        return self._driver.execute_script(script)

    def press(self, *keys: str) -> None:
        self._driver.switch_to.active_element.send_keys(*keys)

    def focused(self) -> str:
        """What the keyboard is at: its id, or that of what it is about."""
        script = (
            "const a = document.activeElement; return a.dataset.id || a.dataset.goesTo || a.id || a.tagName"
        )
        return str(self.run(script))

    def said(self) -> list[str]:
        """What the browser complained of."""
        return [str(entry["message"]) for entry in self._driver.get_log("browser")]  # type: ignore[no-untyped-call]  # it has none


@pytest.fixture
def browser(chromium: webdriver.Chrome, page: Path) -> Iterator[Browser]:
    found = Browser(chromium, page).open()
    yield found
    assert found.said() == []


def test_a_click_shows_what_is_known_without_passwords(browser: Browser) -> None:
    browser.box("resource:database.default#orders.db").click()
    assert browser.one("#about h2").text == "database.default#orders.db"
    tables = browser.texts("#about tr")
    assert tables == [
        "id resource:database.default#orders.db",
        "provisioner template://shop/database",
        "place provisioners/shop.provisioners.yaml:2",
        "host db",
        "password *****",
    ]
    assert browser.texts("#about h3") == ["Facts", "Outputs", "makes (2)", "used by (1)"]
    assert browser.ids(".on") == [
        "workload:orders",
        "resource:database.default#orders.db",
        "service:db",
        "volume:db-data",
    ]
    assert browser.box("resource:database.default#orders.db").get_attribute("aria-pressed") == "true"
    assert browser.one("#status").text == "resource database.default#orders.db: connected with 3"


def test_what_is_listed_leads_on(browser: Browser) -> None:
    browser.box("workload:orders").click()
    browser.one('#about [data-goes-to="service:orders-main"]').click()
    assert browser.one("#about h2").text == "orders-main"
    browser.one('#about [data-goes-to="service:wait-for-resources"]').click()
    assert browser.texts("#about h3") == ["Facts", "waits for (3)", "awaited by (2)"]
    assert browser.texts("#about ul:first-of-type button")[:3] == [
        "broker service, started",
        "db service, healthy",
        "events-init service, completed successfully",
    ]


def test_a_search_finds_by_name_type_provisioner_and_file(browser: Browser) -> None:
    search = browser.one("#search")
    for words, ids in {
        "shop/queue": ["resource:queue.default#events"],
        "ORDERS main": ["service:orders-main"],
        "mailer/score": ["workload:mailer"],
        "volume": ["volume:db-data"],
        "nothing of this name": [],
    }.items():
        search.clear()
        search.send_keys(words)
        assert browser.ids(".on") == ids
        assert browser.one("#status").text == f"{len(ids)} found"
        assert browser.listed() == ids


def test_all_of_it_works_at_the_keyboard(browser: Browser) -> None:
    browser.press("/")
    assert browser.focused() == "search"
    browser.press("db")
    browser.press(Keys.ARROW_DOWN)
    assert browser.focused() == "resource:database.default#orders.db"
    browser.press(Keys.ARROW_DOWN)
    assert browser.focused() == "service:db"
    browser.press(Keys.ENTER)
    assert browser.one("#about h2").text == "db"
    assert browser.focused() == "about"
    browser.press(Keys.ESCAPE)
    assert browser.one("#search").get_attribute("value") == ""
    assert browser.ids(".on") == []
    browser.one("#fit").click()
    browser.press(Keys.TAB, Keys.TAB)
    assert browser.focused() == "workload:mailer"
    browser.press(Keys.SPACE)
    assert browser.one("#about h2").text == "mailer"
    browser.press(Keys.TAB)
    browser.press(Keys.ENTER)
    assert browser.one("#about h2").text == "orders"


def test_a_change_of_a_file_marks_what_it_would_touch(browser: Browser) -> None:
    browser.one('#file option[value="orders/score.yaml"]').click()
    assert browser.ids(".on") == ["workload:orders", "resource:database.default#orders.db"]
    # The other workload was told the ports of this one.
    assert browser.ids(".next") == [
        "workload:mailer",
        "resource:service-port.default#mailer.orders",
        "service:db",
        "service:mailer-main",
        "service:orders-main",
        "volume:db-data",
    ]
    assert browser.one("#about h2").text == "orders/score.yaml"
    browser.one('#file option[value="provisioners/shop.provisioners.yaml"]').click()
    assert browser.ids(".on") == ["resource:database.default#orders.db", "resource:queue.default#events"]
    assert browser.ids(".next") == [
        "workload:mailer",
        "workload:orders",
        "service:broker",
        "service:db",
        "service:events-init",
        "service:mailer-main",
        "service:orders-main",
        "volume:db-data",
    ]
    assert browser.texts("#about h3") == ["looked at again (2)", "made again if these come out otherwise (8)"]
    browser.one('#file option[value=""]').click()
    assert (browser.ids(".on"), browser.ids(".next")) == ([], [])


def test_an_address_opens_the_page_at_a_thing(browser: Browser) -> None:
    browser.open("#workload:orders")
    assert browser.one("#about h2").text == "orders"


def test_the_picture_can_be_made_larger_and_fitted(browser: Browser) -> None:
    svg = browser.one("#picture svg")
    fitted = svg.size["width"]
    browser.one("#larger").click()
    assert svg.size["width"] > fitted
    browser.one("#fit").click()
    assert svg.size["width"] == fitted


def test_labels_are_drawn_within_their_boxes_and_do_not_overlap(browser: Browser) -> None:
    script = """
    return [...document.querySelectorAll('.node')].map((node) => {
      const box = node.querySelector('.box').getBBox();
      return [...node.querySelectorAll('text')].map((text) => text.getBBox()).every((label, at, all) =>
        label.x >= box.x && label.x + label.width <= box.x + box.width &&
        label.y >= box.y && label.y + label.height <= box.y + box.height + 1 &&
        (at === 0 || all[at - 1].y + all[at - 1].height <= label.y + 4));
    });
    """
    assert browser.run(script) == [True] * 12


def test_a_page_of_a_thousand_finds_one_and_lists_the_members_of_groups(
    chromium: webdriver.Chrome, tmp_path: Path
) -> None:
    from test_picture import many

    from doit_score.drawing.draw import rendered

    file = tmp_path / "many.html"
    file.write_text(rendered(many(1000), "html"), encoding="utf-8")
    browser = Browser(chromium, file).open()
    browser.one("#search").send_keys("w0500 workload")
    assert browser.one("#status").text == "1 found"
    browser.press(Keys.ENTER)
    assert browser.one("#about h2").text == "w0500"
    assert [one.split("\n")[1] for one in browser.texts(".node.on")] == [
        "100 workloads",
        "100 × cache",  # noqa: RUF001
        "100 × db",  # noqa: RUF001
        "queue",
    ]
    browser.box("group:workload:w0001").click()
    assert browser.one("#about h2").text == "900 workloads"
    assert len(browser.texts("#about li")) == 60
    browser.one("#about .more").click()
    assert len(browser.texts("#about li")) == 900
    assert browser.said() == []
