import sys

from postroom.wiring.command import main

sys.exit(main())
