"""JupyterLab in a seat, as a person uses it: the few gestures that the story needs."""

import contextlib
import os
import re
import time
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import FrameLocator, Locator, Page, expect

ROOT = Path(__file__).parent.parent.parent
PICTURES = ROOT / os.environ.get("PICTURES", "test-results")
"""Where screenshots go; `make pictures` makes them the pictures of the docs."""

SLOW = 120_000
"""Milliseconds that a busy machine may take for one gesture."""


def picture(page: Page, name: str) -> None:
    """Keep a screenshot."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def picture_of(element: Locator, name: str, folder: Path = PICTURES) -> None:
    """Keep a screenshot of one element."""
    folder.mkdir(parents=True, exist_ok=True)
    element.screenshot(path=folder / f"{name}.png")


def scroll_to(element: Locator) -> None:
    """Bring an element into view, on a page that may still be settling."""
    until = time.monotonic() + SLOW / 1000
    while True:
        try:
            element.scroll_into_view_if_needed(timeout=5000)
        except PlaywrightError:
            assert time.monotonic() < until, "the page does not settle"
        else:
            return


def sign_in(page: Page, link: str, name: str, password: str) -> None:
    """Fill in the camp's sign-in form and wait for JupyterLab."""
    page.goto(link)
    page.get_by_label("Your name in the camp").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def in_lab(page: Page) -> None:
    """Wait until JupyterLab is there, its menus included."""
    expect(page.locator(".lm-MenuBar-item", has_text="Nbgrader")).to_be_visible(
        timeout=SLOW
    )
    # Lab brings what its address names to the front after everything else is there.
    front = page.locator("#jp-main-dock-panel .lm-TabBar-tab.lm-mod-current")
    if "/tree/" in page.url:
        opened = page.url.split("?")[0].rsplit("/", 1)[1]
        expect(front.filter(has_text=opened)).to_be_visible(timeout=SLOW)
    expect(page.locator("#jp-main-dock-panel .jp-Document").first).to_be_attached()


def open_notebook(page: Page, address: str, name: str, path: str) -> Locator:
    """Open a notebook by its address; return its panel, with its kernel idle."""
    page.goto(f"{address}/user/{name}/lab/tree/{path}")
    # Tabs of the last time come back, too, and may be in front at first.
    in_lab(page)
    panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    expect(panel.locator(".jp-Cell").first).to_be_visible(timeout=SLOW)
    # "Idle" is also said of a kernel that is not there yet, and running a cell then
    # makes JupyterLab ask which kernel is wanted.
    kernel = panel.locator(".jp-Toolbar-kernelName")
    expect(kernel).not_to_have_text(re.compile("No Kernel"), timeout=SLOW)
    expect(panel.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute(
        "data-status", "idle", timeout=SLOW
    )
    return panel


def execute(page: Page, cell: Locator) -> None:
    """Run a cell and wait until it is done, as its prompt says."""
    prompt = cell.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    until = time.monotonic() + SLOW / 1000
    while prompt.inner_text() == before:
        assert time.monotonic() < until, f"the cell does not start: {_state(page)}"
        # A page that is still settling swallows keys and redraws cells; a person
        # presses again.
        with contextlib.suppress(AssertionError, PlaywrightError):
            cell.scroll_into_view_if_needed()
            cell.locator(".cm-content").click(timeout=5000)
            page.keyboard.press("Control+Enter")
            expect(prompt).not_to_have_text(before, timeout=5000)
    expect(prompt).to_have_text(re.compile(r"\[\d+\]"), timeout=SLOW)


def _state(page: Page) -> dict[str, list[str]]:
    """Say what stands in a cell's way: a dialog, another tab, a kernel not there."""
    return {
        "dialogs": page.locator(".jp-Dialog").all_inner_texts(),
        "tabs in front": page.locator(
            "#jp-main-dock-panel .lm-TabBar-tab.lm-mod-current"
        ).all_inner_texts(),
        "kernels": [
            str(indicator.get_attribute("data-status"))
            for indicator in page.locator(".jp-Notebook-ExecutionIndicator").all()
        ],
    }


def run_cell(page: Page, panel: Locator, text: str) -> Locator:
    """Run the first code cell that contains `text`; return its finished output."""
    cell = panel.locator(".jp-CodeCell").filter(has_text=text).first
    execute(page, cell)
    return cell.locator(".jp-Cell-outputArea")


def rewrite_cell(page: Page, panel: Locator, text: str, manifest: str) -> None:
    """Replace the content of the first code cell that contains `text`."""
    cell = panel.locator(".jp-CodeCell").filter(has_text=text).first
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(manifest)


def rewrite_first(page: Page, manifest: str) -> None:
    """Replace the content of the first code cell of the notebook in front."""
    page.locator(".jp-CodeCell").first.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(manifest)


def save(page: Page) -> None:
    """Save the notebook in front."""
    page.keyboard.press("Control+S")
    expect(
        page.locator(".jp-mod-current.jp-mod-dirty, .lm-mod-current.jp-mod-dirty")
    ).to_have_count(0, timeout=SLOW)


def menu(page: Page, *labels: str) -> None:
    """Choose from JupyterLab's menu bar."""
    first, *rest = labels
    page.locator(".lm-MenuBar-item", has_text=first).click()
    for label in rest:
        page.locator(".lm-Menu-item:visible", has_text=label).first.click()


def assignment_list(page: Page) -> Locator:
    """Open nbgrader's Assignment List and return it."""
    listing = page.locator("#assignments")
    until = time.monotonic() + SLOW / 1000
    while not listing.is_visible():
        assert time.monotonic() < until, f"no Assignment List: {_state(page)}"
        # The tab of a notebook that is still opening may come in front of it.
        menu(page, "Nbgrader", "Assignment List")
        page.wait_for_timeout(1000)
    return listing


def formgrader(page: Page) -> FrameLocator:
    """Open nbgrader's Formgrader and return its frame."""
    menu(page, "Nbgrader", "Formgrader")
    return page.frame_locator("iframe[src*=formgrader]")
