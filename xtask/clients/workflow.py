"""The whole of a piece of work through the tools alone, with the official Python client:
python workflow.py legacy|modern PLAN|URL, in the repository where it is a program."""

import asyncio
import os
import re
import sys

from mcp import Client, StdioServerParameters

era, server = sys.argv[1:]
over_http = server.startswith("http")


def connect():
    mode = "legacy" if era == "legacy" else "2026-07-28"
    if over_http:
        return Client(server, mode=mode)
    params = StdioServerParameters(command=server, args=["mcp"], env=dict(os.environ), cwd=os.getcwd())
    return Client(params, mode=mode)


class Worker:
    def __init__(self, client):
        self.client = client
        self.actor = None

    async def call(self, name, given):
        if name == "update" and self.actor:
            given = {**given, "actor": self.actor}
        result = await self.client.call_tool(name, given)
        return result.content[0].text, bool(result.is_error)

    async def works(self, name, given, expected):
        text, is_error = await self.call(name, given)
        assert not is_error and re.search(expected, text), text
        return text

    async def refused(self, name, given, expected):
        text, is_error = await self.call(name, given)
        assert is_error and re.search(expected, text), text

    async def update(self, expected, op, *refs, **more):
        return await self.works("update", {"op": op, "refs": list(refs), **more}, expected)

    async def stopped(self, expected, op, *refs, **more):
        await self.refused("update", {"op": op, "refs": list(refs), **more}, expected)


async def main():
    async with connect() as client:
        work = Worker(client)
        tools = (await client.list_tools()).tools
        assert len(tools) <= 8, tools
        await work.works("find", {"words": "stock"}, "Rank by stock")
        await work.works("context", {"refs": ["search"]}, "Rank by stock")
        await work.works("next", {}, "search#T002")
        page = await work.works("get", {"ref": "search#T002"}, "revision")
        revision = re.search(r"revision (\S+)", page)[1]

        claimed = await work.update("held", "claim", "search#T002")
        told = re.search(r'"actor": "([^"]+)"', claimed)
        assert bool(told) == (over_http and era == "modern"), claimed
        work.actor = told and told[1]
        if over_http:
            # Another client is another holder.
            async with connect() as another:
                other = Worker(another)
                for op in ("claim", "release", "tick"):
                    await other.stopped("held by", op, "search#T002")
        await work.update("in_progress", "start", "search#T002", expect=[revision])
        await work.update("Stock first", "log", "search", text="Stock first", **{"as": "update"})
        await work.update("not trusted", "verify", "search")
        await work.stopped("no command .* is trusted", "verify", "search", run=True)
        await work.update("done", "tick", "search#T002")

        await work.stopped("missing: task search#T003", "complete", "search")
        await work.update("held", "claim", "search#T003")
        await work.update("released", "release", "search#T003")
        await work.update("done", "tick", "search#T003", "search#gate.1")
        await work.update("completed|done", "complete", "search")
        await work.works("check", {}, "errors")

        prompt = await client.get_prompt("close", {"ref": "search"})
        assert "Close the plan" in prompt.messages[0].content.text, prompt
        resources = (await client.list_resources()).resources
        assert any(str(resource.uri).endswith("search.md") for resource in resources), resources


asyncio.run(main())
