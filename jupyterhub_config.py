"""JupyterHub's configuration: all of it follows from camp.toml."""

import puppetcamp.hub
from puppetcamp.place import Place
from puppetcamp.settings import load

place = Place.from_environment()
puppetcamp.hub.configure(c, load(place.settings_file), place)
