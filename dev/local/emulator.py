"""Runs MiniStack for dev/local/emulator.ts and exits together with it.

Standard input is a pipe that only the parent process holds open. When the parent exits, even if it
is killed, the pipe closes. Then this removes the temporary folder and kills its process group.
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
from ministack.core import iam_actions
from ministack.services import apigateway, dynamodb_streams


def remove_temporary():
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)


def exit_with_parent():
    sys.stdin.buffer.read()
    remove_temporary()
    os.killpg(0, signal.SIGKILL)


# A function has only a few processes here, and AWS would start hundreds. If none is free, a request
# waits for one, instead of getting MiniStack's throttling error.
LONGEST_QUEUE_SECONDS = 10
invoke_lambda_proxy = apigateway._invoke_lambda_proxy


async def invoke_in_turn(integration, api_id, stage, path, method, headers, *rest, **named):
    deadline = time.monotonic() + LONGEST_QUEUE_SECONDS
    while True:
        answer = await invoke_lambda_proxy(
            integration, api_id, stage, path, method, headers, *rest, **named
        )
        status, _, body = answer
        # A throttled function has not run, so the call can be repeated.
        if status != 429 or b"ConcurrentInvocationLimitExceeded" not in body:
            return answer
        if time.monotonic() > deadline:
            return too_many_requests(path)
        await asyncio.sleep(0.02)


def too_many_requests(path):
    """A problem document as in shared/http/problem.ts."""
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


# MiniStack authorizes a request to a stream on the resource "*". AWS authorizes it on the stream, which an
# iterator contains.
resource_arn_of = iam_actions.extract_resource_arn


def stream_or_resource_arn(service, method, path, headers, body, *rest):
    if service != "dynamodbstreams":
        return resource_arn_of(service, method, path, headers, body, *rest)
    request = json.loads(body or b"{}")
    iterator = dynamodb_streams._decode_iterator(request.get("ShardIterator", "")) or {}

    return request.get("StreamArn") or iterator.get("arn") or "*"


iam_actions.extract_resource_arn = stream_or_resource_arn

threading.Thread(target=exit_with_parent, daemon=True).start()
sys.argv = ["ministack"]
try:
    main()
finally:
    # The parent removes it too, unless it was killed meanwhile.
    remove_temporary()
