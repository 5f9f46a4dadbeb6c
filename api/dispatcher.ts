/**
 * The way out: which proxy a request takes. Read from the environment once per process.
 *
 * A private certificate authority is Node's own matter: it reads NODE_EXTRA_CA_CERTS when the process starts, and that
 * covers direct connections, the TLS to a proxy and the TLS inside its tunnel.
 */
import type { Dispatcher } from "undici";
import { TransportFault } from "./transport";

type Environment = Record<string, string | undefined>;

/** Hosts of this machine never go through a proxy: it would ask its own machine. */
const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * A dispatcher that honours HTTPS_PROXY, HTTP_PROXY and NO_PROXY (lower case wins over upper case, as in curl; a proxy
 * without a scheme is an http one). The proxy is asked for a tunnel (CONNECT), also towards http hosts.
 * Throws a `TransportFault` without the proxy's address when that is no URL: it may hold a password.
 */
export function createDispatcher(host: string, env: Environment = process.env): Dispatcher {
  if (LOOPBACK.test(new URL(host).hostname)) return new (agentClass())();
  const httpProxy = proxy(env, "http_proxy");
  const httpsProxy = proxy(env, "https_proxy") || httpProxy;
  if (httpsProxy === "") return new (agentClass())();
  const { EnvHttpProxyAgent } = require("undici") as typeof import("undici");
  return new EnvHttpProxyAgent({ httpProxy, httpsProxy, noProxy: env.no_proxy ?? env.NO_PROXY ?? "" });
}

/**
 * Loaded with the first request: a preview makes none. undici's index loads everything that a browser has, too, and takes five times as long as the agent. Where
 * the agent's file is, undici does not promise, so the index serves where it is not.
 */
function agentClass(): typeof import("undici").Agent {
  try {
    return require("undici/lib/dispatcher/agent.js");
  } catch {
    return (require("undici") as typeof import("undici")).Agent;
  }
}

function proxy(env: Environment, name: string): string {
  const value = (env[name] ?? env[name.toUpperCase()] ?? "").trim();
  if (value === "") return "";
  const url = value.includes("://") ? value : `http://${value}`;
  if (!URL.canParse(url)) throw new TransportFault("proxy", false, `${name.toUpperCase()} is not a URL`);
  return url;
}

const built = new Map<string, Dispatcher>();

/** The process-wide dispatcher for a host, built when first needed. Idle sockets do not keep the process alive. */
export function sharedDispatcher(host: string): Dispatcher {
  let dispatcher = built.get(host);
  if (!dispatcher) built.set(host, (dispatcher = createDispatcher(host)));
  return dispatcher;
}
