// The content of a flow as it is sent: the wire's JSON, with the owner's mark in the description.
import { encode } from "./encode";
import { marked, parseOwner } from "./marker";
import type { Dict } from "./values";

/** The body for these inputs, mark included. */
export function contentBody(inputs: Dict): Dict {
  const body = encode(inputs);
  return { ...body, description: marked(String(body["description"] ?? ""), parseOwner(inputs["owner"])) };
}
