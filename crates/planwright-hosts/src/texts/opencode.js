// opencode has no hooks that start a program; this plugin starts `plan hook` for it. What that prints is
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
      child.stdin.end(JSON.stringify({ directory: cwd, ...input }))
    } catch {
      resolve({})
    }
  })

export const Planwright = async ({ client, directory }) => {
  const begun = new Map()
  const before = new Map()
  return {
    "experimental.chat.system.transform": async ({ sessionID }, output) => {
      if (!sessionID) return
      if (!begun.has(sessionID)) begun.set(sessionID, call("session-start", { sessionID }, directory))
      const { context } = await begun.get(sessionID)
      if (context) output.system.push(context)
    },
    "tool.execute.before": async ({ tool, sessionID, callID }, { args }) => {
      if (!EDITS.has(tool)) return
      const { context, deny } = await call("before-edit", { sessionID, tool, args }, directory)
      if (deny) throw new Error(deny)
      if (context) before.set(callID, context)
    },
    "tool.execute.after": async ({ tool, sessionID, callID, args }, output) => {
      if (!EDITS.has(tool)) return
      const { context } = await call("after-edit", { sessionID, tool, args }, directory)
      const said = [before.get(callID), context].filter(Boolean)
      before.delete(callID)
      if (said.length && typeof output.output === "string") {
        output.output = [output.output, ...said].join("\n\n")
      }
    },
    event: async ({ event }) => {
      const sessionID = event.properties?.sessionID
      if (event.type !== "session.idle" || !sessionID) return
      const { context } = await call("before-stop", { sessionID }, directory)
      if (!context) return
      const body = { noReply: true, parts: [{ type: "text", text: context }] }
      await client.session.prompt({ path: { id: sessionID }, body }).catch(() => {})
    },
  }
}
