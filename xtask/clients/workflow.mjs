// The whole of a piece of work through the tools alone, with the official TypeScript client:
// node workflow.mjs MODULES legacy|modern PLAN|URL, in the repository where it is a program.

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";

const [modules, era, server] = process.argv.slice(2);
const load = (file) =>
  import(pathToFileURL(`${modules}/@modelcontextprotocol/client/dist/${file}`).href);
const { Client, StreamableHTTPClientTransport } = await load("index.mjs");
const { StdioClientTransport } = await load("stdio.mjs");

const overHttp = server.startsWith("http");

async function connect() {
  const mode = era === "legacy" ? "legacy" : { pin: "2026-07-28" };
  const client = new Client(
    { name: "workflow", version: "1" },
    { versionNegotiation: { mode } },
  );
  const transport = overHttp
    ? new StreamableHTTPClientTransport(new URL(server))
    : new StdioClientTransport({ command: server, args: ["mcp"], env: process.env });
  await client.connect(transport);
  return client;
}

const client = await connect();
let actor;

async function call(name, given, by = client) {
  const who = name === "update" && by === client && actor ? { actor } : {};
  const result = await by.callTool({ name, arguments: { ...given, ...who } });
  const text = result.content[0].text;
  return { text, refused: result.isError === true, rows: result.structuredContent?.rows };
}

async function works(name, given, expected) {
  const said = await call(name, given);
  assert.ok(!said.refused, said.text);
  assert.match(said.text, expected);
  return said;
}

async function refused(name, given, expected, by) {
  const said = await call(name, given, by);
  assert.ok(said.refused, said.text);
  assert.match(said.text, expected);
}

const { tools } = await client.listTools();
assert.ok(tools.length <= 8);

const found = await works("find", { words: "stock" }, /Rank by stock/);
assert.ok(found.rows.length > 0);
await works("context", { refs: ["search"] }, /Rank by stock/);
await works("next", {}, /search#T002/);
const page = await works("get", { ref: "search#T002" }, /revision/);
const expect = [page.text.match(/revision (\S+)/)[1]];

const claimed = await works("update", { op: "claim", refs: ["search#T002"] }, /held/);
actor = claimed.text.match(/"actor": "([^"]+)"/)?.[1];
assert.equal(actor !== undefined, overHttp && era === "modern");
if (overHttp) {
  // Another client is another holder.
  const other = await connect();
  await refused("update", { op: "claim", refs: ["search#T002"] }, /held by/, other);
  await refused("update", { op: "release", refs: ["search#T002"] }, /held by/, other);
  await refused("update", { op: "tick", refs: ["search#T002"] }, /held by/, other);
  await other.close();
}
await works("update", { op: "start", refs: ["search#T002"], expect }, /in_progress/);
const log = { op: "log", refs: ["search"], text: "Stock first", as: "update" };
await works("update", log, /Stock first/);
await works("update", { op: "verify", refs: ["search"] }, /not trusted/);
await refused("update", { op: "verify", refs: ["search"], run: true }, /no command .* is trusted/);
await works("update", { op: "tick", refs: ["search#T002"] }, /done/);

await refused("update", { op: "complete", refs: ["search"] }, /missing: task search#T003/);
await works("update", { op: "claim", refs: ["search#T003"] }, /held/);
await works("update", { op: "release", refs: ["search#T003"] }, /released/);
await works("update", { op: "tick", refs: ["search#T003", "search#gate.1"] }, /done/);
await works("update", { op: "complete", refs: ["search"] }, /completed|done/);
await works("check", {}, /errors/);

const prompt = await client.getPrompt({ name: "close", arguments: { ref: "search" } });
assert.match(prompt.messages[0].content.text, /Close the plan/);
const { resources } = await client.listResources();
assert.ok(resources.some((resource) => resource.uri.endsWith("search.md")));
await client.close();
