"""A camp's hub as its organizer gets it, and a token for the bench."""

import os

import puppetcamp.hub
from puppetcamp.place import Place
from puppetcamp.settings import load

c = get_config()
place = Place.from_environment()
puppetcamp.hub.configure(c, load(place.settings_file), place)
c.JupyterHub.services += [{"name": "bench", "api_token": os.environ["BENCH_TOKEN"]}]
c.JupyterHub.load_roles += [
    {
        "name": "bench",
        "services": ["bench"],
        "scopes": ["admin:users", "admin:servers", "access:servers"],
    }
]
