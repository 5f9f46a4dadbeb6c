/** Request bodies: read whole, parsed by content type. */
import type { IncomingMessage } from "node:http";
import { badRequest, ServerCrash } from "../errors";

/** Django's default; what PostHog sets is not known. */
const MAX_BODY_BYTES = 2_621_440;

export interface RawBody {
  bytes: Buffer;
  tooLarge: boolean;
}

export async function readBody(request: IncomingMessage): Promise<RawBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), tooLarge: size > MAX_BODY_BYTES };
}

/** An empty body counts as an empty object, whatever its type. */
export async function parseBody({ bytes, tooLarge }: RawBody, contentType: string | undefined): Promise<() => unknown> {
  if (tooLarge) return fails(() => new ServerCrash("a body above the upload limit"));
  if (bytes.length === 0) return () => ({});
  const type = (contentType ?? "").split(";")[0]!.trim().toLowerCase();
  if (type === "application/json") return parseJson(bytes);
  if (type === "application/x-www-form-urlencoded" || type === "multipart/form-data")
    return parseForm(bytes, contentType!);
  return fails(() =>
    badRequest("unsupported_media_type", `Unsupported media type "${contentType ?? ""}" in request.`, 415),
  );
}

const fails = (error: () => Error) => () => {
  throw error();
};

function parseJson(bytes: Buffer): () => unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    return () => value;
  } catch (error) {
    return fails(() => badRequest("parse_error", `JSON parse error - ${(error as Error).message}`));
  }
}

async function parseForm(bytes: Buffer, contentType: string): Promise<() => unknown> {
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": contentType } }).formData();
    const value = Object.fromEntries(
      [...form].map(([key, item]) => [key, typeof item === "string" ? item : item.name]),
    );
    return () => value;
  } catch (error) {
    return fails(() => badRequest("parse_error", `Form parse error - ${(error as Error).message}`));
  }
}
