// A PostHog of next year in front of the emulator: the same answers, with keys that nobody knows yet at the top, on steps, edges and rows.
import { createServer } from "node:http";
import { isDict, type Dict } from "../../definition/canonical/values";
import { serveLocally } from "../support/local-server";

const NEW = { next_years_key: { deep: [1, { more: null }] } };

function newer(flow: Dict): Dict {
  const each = (list: unknown): unknown =>
    Array.isArray(list) ? list.map((item) => (isDict(item) ? { ...NEW, ...item } : item)) : list;
  return { ...NEW, ...flow, actions: each(flow["actions"]), edges: each(flow["edges"]), next_years_text: "x" };
}

const answer = (body: unknown): unknown => {
  if (!isDict(body)) return body;
  if (Array.isArray(body["results"]))
    return { ...body, results: body["results"].map((row) => (isDict(row) ? newer(row) : row)) };
  return Array.isArray(body["actions"]) ? newer(body) : body;
};

export interface NewerPostHog {
  url: string;
  stop(): Promise<void>;
}

export async function startNewerPostHog(emulatorUrl: string): Promise<NewerPostHog> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = chunks.length === 0 ? undefined : Buffer.concat(chunks);
      const headers = { authorization: String(request.headers.authorization), "content-type": "application/json" };
      fetch(`${emulatorUrl}${request.url ?? ""}`, {
        method: request.method ?? "GET",
        headers,
        ...(body ? { body } : {}),
      })
        .then(async (reply) => {
          const text = await reply.text();
          response.writeHead(reply.status, { "content-type": "application/json" });
          response.end(text === "" ? undefined : JSON.stringify(answer(JSON.parse(text))));
        })
        .catch(() => response.destroy());
    });
  });
  return serveLocally(server);
}
