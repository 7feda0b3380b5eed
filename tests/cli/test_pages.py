"""The pages in a real browser: they render, search and filter, fetch nothing, fit a phone; everybody can use them.

Needs `requirements/browser.txt` and a Chromium; skipped without (`make browser-test` installs the former).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphslice import pipeline
from graphslice.config import Slice
from graphslice.diff.client import Side
from graphslice.diff.compare import compare
from graphslice.report import changes as report
from graphslice.report.map import map_page
from graphslice.report.page import page

sync_api = pytest.importorskip("playwright.sync_api", reason="requirements/browser.txt is not installed")
axe_api = pytest.importorskip("axe_playwright_python.sync_playwright")

BROWSER = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
BASE = (Path(__file__).parent / "diff" / "base.csdl.xml").read_text(encoding="utf-8")
HOSTILE = "&lt;img src=x onerror=alert(1)&gt;"
CHANGED = (
    BASE.replace('<Property Name="title" Type="Edm.String" />', "")
    .replace('<Member Name="closed" Value="1" />', '<Member Name="closed" Value="1" /><Member Name="lost" Value="2" />')
    .replace('<EntitySet Name="archives" EntityType="shop.order" />', "")
    .replace(
        '<EntityType Name="settings" BaseType="shop.thing">',
        '<EntityType Name="settings" BaseType="shop.thing">'
        f'<Annotation Term="Org.OData.Core.V1.Description" String="{HOSTILE}" />',
    )
)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium")


def side(folder: Path, text: str) -> Side:
    path = folder / "shop.csdl.xml"
    path.write_text(text, encoding="utf-8")
    wanted = Slice(description=str(path), package="shop", class_name="Shop")
    return Side(pipeline.read_model(wanted), wanted)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    old, new = side(folder, BASE), side(folder, CHANGED)
    found = report.data(report.Subject("old", "new", "1.0.0"), compare(old, new))
    one = dict(found["changes"][0])  # type: ignore[index]
    many = {**found, "changes": [{**one, "subject": f"shop.type{number}"} for number in range(3000)]}
    texts = {
        "changes": page("changes", "old to new", found),
        "many": page("changes", "old to new", many),
        "map": map_page(new),
    }
    urls = {}
    for name, text in texts.items():
        (folder / f"{name}.html").write_bytes(text.encode("utf-8"))
        urls[name] = (folder / f"{name}.html").as_uri()
    return urls


class Watched:
    """A page, and everything that it should not have done."""

    def __init__(self, tab: Any) -> None:
        self.tab = tab
        self.faults: list[str] = []
        self.requests: list[str] = []
        tab.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda fault: self.faults.append(str(fault)))
        tab.on("dialog", lambda dialog: self.faults.append(f"dialog {dialog.message}"))
        tab.on("request", lambda request: self.requests.append(request.url))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture(params=["light", "dark"])
def open_page(browser: Any, pages: dict[str, str], request: pytest.FixtureRequest) -> Iterator[Any]:
    made: list[Watched] = []

    def opened(name: str, width: int = 1200) -> Watched:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=request.param)
        watched = Watched(context.new_page())
        watched.tab.goto(pages[name])
        made.append(watched)
        return watched

    yield opened
    for watched in made:
        assert watched.faults == []
        assert [url for url in watched.requests if not url.startswith(("file:", "data:"))] == []
        watched.tab.context.close()


def test_the_difference_can_be_searched_and_filtered(open_page: Any) -> None:
    tab = open_page("changes").tab
    before = tab.locator(".change").count()
    assert before >= 4 and "breaking" in tab.locator("#lead").inner_text()
    tab.get_by_role("searchbox").fill("lost")
    sync_api.expect(tab.locator(".change")).to_have_count(1)
    assert "1 change" in tab.locator("#count").inner_text()
    assert tab.locator("mark").count() >= 1
    tab.get_by_role("searchbox").fill("")
    sync_api.expect(tab.locator(".change")).to_have_count(before)
    tab.locator("#levels input[value=breaking]").uncheck()
    assert tab.locator(".change.breaking").count() == 0 and tab.locator(".change").count() >= 1
    tab.get_by_label("Rule").select_option("member-added")
    assert tab.locator(".change").count() == 1
    tab.get_by_role("searchbox").fill("nothing like it")
    sync_api.expect(tab.locator(".change")).to_have_count(0)
    assert "Nothing fits" in tab.locator("#count").inner_text()


def test_lines_open_with_the_keyboard(open_page: Any) -> None:
    tab = open_page("changes").tab
    summary = tab.locator(".change summary").first
    summary.focus()
    tab.keyboard.press("Enter")
    assert tab.locator(".lines li").first.is_visible()


def test_three_thousand_changes_stay_usable(open_page: Any) -> None:
    tab = open_page("many").tab
    assert tab.locator(".change").count() == 300
    tab.get_by_role("button", name="Show more").click()
    assert tab.locator(".change").count() == 600
    tab.get_by_role("searchbox").fill("type2999")
    sync_api.expect(tab.locator(".change")).to_have_count(1)


def test_the_map_shows_builders_operations_and_types(open_page: Any) -> None:
    tab = open_page("map").tab
    assert tab.locator("#tree").get_by_text("orders", exact=True).first.is_visible()
    assert tab.locator("#types .card").count() > 10
    tab.get_by_role("searchbox").fill("/orders patch")
    sync_api.expect(tab.locator("#results .group").first).to_be_visible()
    assert not tab.locator("#whole").is_visible()
    tab.get_by_role("searchbox").fill("")
    sync_api.expect(tab.locator("#results")).to_be_hidden()
    tab.get_by_label("DELETE").check()
    assert tab.locator("#results .verb.DELETE").count() >= 2 and tab.locator("#results .verb.GET").count() == 0


def test_a_types_name_leads_to_its_card(open_page: Any) -> None:
    tab = open_page("map").tab
    tab.locator("#tree a[href='#type-shop-order']").first.click()
    assert tab.locator("#results h3").first.inner_text().startswith("Order")


@pytest.mark.parametrize("name", ["changes", "map"])
def test_a_phone_shows_all_of_it(open_page: Any, name: str) -> None:
    tab = open_page(name, width=400).tab
    assert tab.evaluate("document.documentElement.scrollWidth") <= 400


@pytest.mark.parametrize("name", ["changes", "map"])
@pytest.mark.parametrize("width", [400, 1200])
def test_everybody_can_use_it(open_page: Any, name: str, width: int) -> None:
    tab = open_page(name, width=width).tab
    for details in tab.locator("details").all()[:30]:
        details.evaluate("node => node.open = true")
    found = axe_api.Axe().run(tab)
    assert found.violations_count == 0, found.generate_report()


def test_the_keyboard_reaches_everything_in_order(open_page: Any) -> None:
    tab = open_page("changes").tab
    reached = []
    for _ in range(6):
        tab.keyboard.press("Tab")
        reached.append(tab.evaluate("document.activeElement.id || document.activeElement.className || 'box'"))
    assert reached[0] == "skip" and "search" in reached and "rule" in reached
