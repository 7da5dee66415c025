"""Open, close and remove a camp on this machine's Docker Engine."""
