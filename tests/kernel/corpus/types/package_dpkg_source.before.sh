cp /srv/apt/pool/tree_*.deb /tmp/tree.deb
