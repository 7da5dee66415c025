"""`python -m puppetcamp`."""

import sys

from puppetcamp.cli import main

sys.exit(main())
