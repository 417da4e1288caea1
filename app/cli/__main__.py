"""`python -m app.cli` is what `bin/greenroom` runs."""

import sys

from app.cli import main

sys.exit(main())
