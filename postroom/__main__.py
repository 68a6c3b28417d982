import sys

from postroom.wiring.command import main

if __name__ == "__main__":
    sys.exit(main())
