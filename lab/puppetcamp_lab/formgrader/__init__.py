"""What a camp adds to Formgrader: autograding all at once, and flags where one looks.

A Jupyter server extension for instructors' seats. It is loaded after nbgrader's
formgrader (servers load extensions by their names), whose pages and commands it leaves
as they are but for what stands in the templates here.
"""

from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "puppetcamp_lab.formgrader"}]


def _load_jupyter_server_extension(serverapp: Any) -> None:
    from puppetcamp_lab.formgrader.handlers import handlers

    webapp = serverapp.web_app
    if "nbgrader_formgrader" not in webapp.settings:
        serverapp.log.error(
            "nbgrader's formgrader is not loaded, so there is nothing to add to. "
            "Enable nbgrader.server_extensions.formgrader."
        )
        return
    extend(webapp.settings)
    webapp.add_handlers(".*$", handlers(webapp.settings["base_url"]))


def extend(settings: dict[str, Any]) -> None:
    """Put the templates here in front of nbgrader's; `settings` are tornado's.

    A template here extends the one that it stands in front of by the name
    ``nbgrader/…``.
    """
    from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
    from nbconvert.exporters import HTMLExporter

    pages = settings["nbgrader_jinja2_env"]
    pages.loader = ChoiceLoader(
        [
            FileSystemLoader(_HERE / "templates"),
            pages.loader,
            PrefixLoader({"nbgrader": pages.loader}),
        ]
    )
    config = settings["nbgrader_formgrader"].config.copy()
    config.HTMLExporter.template_name = "puppetcamp_formgrade"
    stock = config.HTMLExporter.extra_template_basedirs
    config.HTMLExporter.extra_template_basedirs = [str(_HERE / "templates"), *stock]
    # Here a template finds nbgrader's by the name `formgrade/…`.
    config.HTMLExporter.extra_template_paths = [*stock]
    exporter: Any = HTMLExporter
    settings["nbgrader_exporter"] = exporter(config=config)
