/**
 * Which `Host` headers are served. A web page may point a name of its own at 127.0.0.1 (DNS rebinding), and its scripts could then read what an emulator
 * holds; the browser sends that name along.
 */
import { isIP } from "node:net";

const LOOPBACK = /^(?:localhost|(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
/** Listening on every address: any of the machine's addresses is right, and no name is. */
const EVERYWHERE: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** Why a request with this header is not served; undefined when it is. */
export function hostProblem(
  header: string | undefined,
  listening: string,
  allowed: readonly string[],
): string | undefined {
  const name = hostName(header ?? "");
  if (name === undefined) return "The Host header is missing or malformed.";
  const ownName = hostName(listening.includes(":") ? `[${listening}]` : listening);
  if (LOOPBACK.test(name) || name === ownName || allowed.some((each) => hostName(each) === name)) return undefined;
  if (EVERYWHERE.has(listening) && isIP(name.replace(/^\[|\]$/g, "")) !== 0) return undefined;
  return `The emulator does not serve the host ${name}: a web page could otherwise reach it under its own domain name. Start it with --allow-host ${name} (allowHosts in code) if the name is yours.`;
}

/** Without the port, in lower case. */
function hostName(header: string): string | undefined {
  try {
    const { hostname, pathname, username } = new URL(`http://${header}`);
    return hostname !== "" && pathname === "/" && username === "" ? hostname.replace(/\.$/, "") : undefined;
  } catch {
    return undefined;
  }
}
