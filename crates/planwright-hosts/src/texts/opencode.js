// opencode has no hooks that start a program; this plugin starts `plan hook` for it. What it prints is
// JSON: `context` is for the agent, `deny` a reason not to go on. Nothing here may stop opencode.
import { spawn } from "node:child_process"

const EDITS = new Set(["edit", "write", "patch", "multiedit", "apply_patch"])

const call = (event, input, cwd) =>
  new Promise((resolve) => {
    let said = ""
    const done = () => {
      try {
        resolve(JSON.parse(said))
      } catch {
        resolve({})
      }
    }
    try {
      const child = spawn("plan", ["hook", "opencode", event], { cwd, timeout: 10000 })
      child.on("error", () => resolve({}))
      child.stdin.on("error", () => {})
      child.stdout.on("data", (bytes) => (said += bytes))
      child.on("close", done)
      child.stdin.end(JSON.stringify({ hook_event_name: event, cwd, ...input }))
    } catch {
      resolve({})
    }
  })

export const Planwright = async ({ client, directory }) => {
  const begun = new Map()
  const told = new Set()
  return {
    "experimental.chat.system.transform": async ({ sessionID }, output) => {
      if (!sessionID) return
      if (!begun.has(sessionID)) {
        begun.set(sessionID, call("session-start", { session_id: sessionID }, directory))
      }
      const { context } = await begun.get(sessionID)
      if (context) output.system.push(context)
    },
    "tool.execute.before": async ({ tool, sessionID }, { args }) => {
      if (!EDITS.has(tool)) return
      const input = { session_id: sessionID, tool_name: tool, tool_input: args }
      const { deny } = await call("before-edit", input, directory)
      if (deny) throw new Error(deny)
    },
    "tool.execute.after": async ({ tool, sessionID, args }, output) => {
      if (!EDITS.has(tool)) return
      const input = { session_id: sessionID, tool_name: tool, tool_input: args }
      const { context } = await call("after-edit", input, directory)
      if (context && typeof output.output === "string") output.output += `\n\n${context}`
    },
    event: async ({ event }) => {
      const sessionID = event.properties?.sessionID
      if (event.type !== "session.idle" || !sessionID || told.has(sessionID)) return
      const { deny } = await call("before-stop", { session_id: sessionID }, directory)
      if (!deny) return
      told.add(sessionID)
      const body = { parts: [{ type: "text", text: deny }] }
      await client.session.promptAsync({ path: { id: sessionID }, body }).catch(() => {})
    },
  }
}
