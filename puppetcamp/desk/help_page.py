"""The attendee's page about help: who may open their JupyterLab, and who asks to."""

from collections.abc import Callable, Sequence
from datetime import tzinfo
from html import escape
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from puppetcamp.browser import Form, Visitor, welcome, word_of
from puppetcamp.clock import Clock
from puppetcamp.desk.actions import HELP_PATH
from puppetcamp.desk.consents import AGREED, Consent, Consents, ConsentState
from puppetcamp.desk.shares import Shares
from puppetcamp.quantities import in_words

HERE = Path(__file__).parent

ANSWERS = {
    "agree": ConsentState.AGREED,
    "refuse": ConsentState.REFUSED,
    "end": ConsentState.ENDED,
}


def router(consents: Consents, shares: Shares, clock: Clock, zone: tzinfo) -> APIRouter:
    """Build the page and the way back of its forms."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/help")
    def page(request: Request, person: Visitor) -> Response:
        standing = consents.standing(clock(), person.name)
        html = _page(standing, word_of(request), zone)
        return welcome(request, HTMLResponse(html))

    @routes.post("/help")
    async def answer(request: Request, person: Visitor, form: Form) -> Response:
        said = ANSWERS.get(form.get("answer", ""))
        number = form.get("consent", "")
        if said is None or not (number.isdecimal() and len(number) < 18):
            raise HTTPException(422, "This is no answer. Load the page again.")
        await shares.answer(int(number), person.name, said)
        return RedirectResponse(HELP_PATH, 303, {"Cache-Control": "no-store"})

    @routes.get("/help.css")
    def style() -> Response:
        return FileResponse(HERE / "help.css", headers={"Cache-Control": "no-cache"})

    return routes


def _page(standing: Sequence[Consent], word: str, zone: tzinfo) -> str:
    parts = [_question(one, word, zone) for one in standing]
    body = "\n".join(parts) or "<p>Nobody asks to open your JupyterLab.</p>"
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Help</title>
<link rel="stylesheet" href="help.css">
<main>
<h1>Help with your work</h1>
<p>Whoever you let in sees and changes your JupyterLab as you do, until you end it or
the time is over. You go on working meanwhile.</p>
{body}
<p><a href="/hub/home">Back to the camp</a></p>
</main>
</html>
"""


def _question(one: Consent, word: str, zone: tzinfo) -> str:
    who, until = escape(one.staff), f"{one.ends.astimezone(zone):%H:%M}"
    if one.state is ConsentState.AGREED:
        said = f"{who} may open your JupyterLab until {until}."
        buttons = _button("end", "End it now")
    else:
        said = f"{who} asks to open your JupyterLab."
        buttons = _button("agree", f"Agree for {in_words(AGREED)}") + _button(
            "refuse", "No"
        )
    return f"""<form method="post">
<p>{said}</p>
<input type="hidden" name="_xsrf" value="{escape(word)}">
<input type="hidden" name="consent" value="{one.id}">
<p>{buttons}</p>
</form>"""


_button: Callable[[str, str], str] = (
    '<button name="answer" value="{}">{}</button> '.format
)
