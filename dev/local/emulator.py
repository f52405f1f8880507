"""Runs MiniStack for dev/local/emulator.ts, and never outlives it.

Standard input is a pipe that only its starter holds open. However the starter goes, even killed,
the pipe closes: then the whole process group goes with it, and the temporary folder too.
"""

import asyncio
import json
import os
import shutil
import signal
import sys
import threading
import time
import uuid

from ministack.app import main
from ministack.services import apigateway


def remove_temporary():
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)


def end_with_starter():
    sys.stdin.buffer.read()
    remove_temporary()
    os.killpg(0, signal.SIGKILL)


# A function here has a few processes, where AWS would start hundreds. A request that finds none
# free waits for one, instead of being told by MiniStack that Lambda's concurrency is used up.
LONGEST_QUEUE_SECONDS = 10
invoke_lambda_proxy = apigateway._invoke_lambda_proxy


async def invoke_in_turn(integration, api_id, stage, path, method, headers, *rest, **named):
    deadline = time.monotonic() + LONGEST_QUEUE_SECONDS
    while True:
        answer = await invoke_lambda_proxy(
            integration, api_id, stage, path, method, headers, *rest, **named
        )
        status, _, body = answer
        # A function that was throttled has not run.
        if status != 429 or b"ConcurrentInvocationLimitExceeded" not in body:
            return answer
        if time.monotonic() > deadline:
            return too_many_requests(path)
        await asyncio.sleep(0.02)


def too_many_requests(path):
    """The problem document of the service: see shared/http/problem.ts."""
    code = "too-many-requests"
    problem = {
        "type": f"urn:aftercommit:problem:{code}",
        "title": "Too many requests",
        "status": 429,
        "code": code,
        "detail": "Send the same request again, with the same Idempotency-Key if it had one.",
        "instance": path,
        "traceId": uuid.uuid4().hex,
    }
    headers = {"Content-Type": "application/problem+json", "Retry-After": "1"}

    return 429, headers, json.dumps(problem).encode()


apigateway._invoke_lambda_proxy = invoke_in_turn

threading.Thread(target=end_with_starter, daemon=True).start()
sys.argv = ["ministack"]
try:
    main()
finally:
    # Its starter does so too, unless it was killed while it waited for this end.
    remove_temporary()
