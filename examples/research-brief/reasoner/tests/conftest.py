"""The reasoner's files lie side by side, as in its Lambda package."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
