"""``python -m peer_contract agents/reasoner.py.handler``."""

import sys

from ._runtime import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
