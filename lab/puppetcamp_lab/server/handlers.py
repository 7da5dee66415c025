"""The panel's addresses in JupyterLab's server; whoever may use the seat may use them.

Every answer is JSON. What fails because of the camp or of a file is answered with
status 409 and a sentence in ``message``.
"""

import json
from collections.abc import Callable
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.ioloop import IOLoop

from puppetcamp_lab.server.exercises import ActionFailed, Done, Exercises

_NAME = r"([A-Za-z0-9][A-Za-z0-9_.-]{0,63})"


def handlers(base_url: str, exercises: Exercises) -> list[Any]:
    """Give the addresses as Tornado's Application takes them."""
    shared = {"exercises": exercises}
    root = url_path_join(base_url, "puppetcamp", "exercises")
    return [
        (root, ListHandler, shared),
        (rf"{root}/{_NAME}/(fetch|submit|feedback)", ActionHandler, shared),
    ]


class _Handler(APIHandler):
    auth_resource = "contents"

    def initialize(self, exercises: Exercises) -> None:
        self.exercises = exercises

    async def in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Run what waits for the network, while the server serves others."""
        return await IOLoop.current().run_in_executor(None, work, *arguments)


class ListHandler(_Handler):
    """Say how the attendee stands with every exercise."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.finish(json.dumps(await self.in_thread(self.exercises.listing)))


class ActionHandler(_Handler):
    """Fetch, submit, or get the feedback on the version named in ``submitted_at``."""

    @web.authenticated
    @authorized
    async def post(self, exercise: str, action: str) -> None:
        try:
            done: Done = await self.in_thread(self._act, exercise, action)
        except ActionFailed as error:
            self.set_status(409)
            self.finish(json.dumps({"message": str(error)}))
        else:
            self.finish(json.dumps(done.to_json()))

    def _act(self, exercise: str, action: str) -> Done:
        if action == "fetch":
            return self.exercises.fetch(exercise)
        if action == "submit":
            return self.exercises.submit(exercise)
        body = self.get_json_body() or {}
        return self.exercises.feedback(exercise, str(body.get("submitted_at")))
