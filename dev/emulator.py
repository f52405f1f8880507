"""Runs MiniStack for dev/emulator.ts, and never outlives it.

Standard input is a pipe that only its starter holds open. However the starter goes, even killed,
the pipe closes: then the whole process group goes with it, and the temporary folder too.
"""

import os
import shutil
import signal
import sys
import threading

from ministack.app import main


def remove_temporary():
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)


def end_with_starter():
    sys.stdin.buffer.read()
    remove_temporary()
    os.killpg(0, signal.SIGKILL)


threading.Thread(target=end_with_starter, daemon=True).start()
sys.argv = ["ministack"]
try:
    main()
finally:
    # Its starter does so too, unless it was killed while it waited for this end.
    remove_temporary()
