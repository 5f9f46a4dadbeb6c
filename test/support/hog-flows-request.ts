// A request to the emulator's flows in project 1, past this package's own client.

/** Answers with the JSON, and throws what the emulator refused. */
export async function hogFlowsRequest(host: string, method: string, url: string, body?: unknown): Promise<any> {
  const answer = await fetch(`${host}/api/projects/1/hog_flows/${url}`, {
    method,
    headers: { authorization: "Bearer phx_test", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${JSON.stringify(json)}`);
  return json;
}
