// What `--keep` says at the end: how to go on from another terminal.
import path from "node:path";
import { API_KEY, liveFlows, PROJECT } from "./world.mjs";

export function playGuide({ sandbox, engine, emulator }) {
  const { onboarding } = liveFlows({ emulator });
  const settings = Object.entries(sandbox.settings).map(([name, value]) => `  export ${name}=${quoted(value)}`);
  const flow = `${emulator.url}/api/projects/${PROJECT}/hog_flows/${onboarding.id}/`;
  const key = `-H 'Authorization: Bearer ${API_KEY}'`;
  return `
The stack and the emulator stay until you press Ctrl-C here. In another terminal:

  cd ${quoted(sandbox.dir)}
  export PATH=${quoted(engine.folder)}:"$PATH"
${settings.join("\n")}

Then try:

  pulumi up                                              # nothing to do, and no request appears here
  curl -X PATCH ${key} -H 'Content-Type: application/json' -d '{"name":"Renamed by hand"}' ${flow}
  pulumi refresh --preview-only --diff                   # shows the edit
  pulumi up --refresh                                    # repairs it
  ${"$EDITOR"} ${path.relative(sandbox.dir, sandbox.program)}      # change a text, add a step …
  pulumi preview --diff                                  # … and see just that
  pulumi destroy
  curl ${key} ${emulator.url}/api/projects/${PROJECT}/hog_flows/

To clean up, press Ctrl-C here: it ends the emulator and removes ${sandbox.root} with everything in it.
Requests that arrive are printed below.
`;
}

/** For a POSIX shell. */
function quoted(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
