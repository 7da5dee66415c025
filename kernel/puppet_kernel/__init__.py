"""A Jupyter kernel for Puppet, over a core that knows no Jupyter."""

__version__ = "0.1.0"
