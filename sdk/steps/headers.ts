// The headers of a request. PostHog's worker leaves out a header with a value that is not a text, and sends no Content-Type once there are headers.
import * as pulumi from "@pulumi/pulumi";
import { isDict, type Dict } from "../../definition/canonical/values";

/** A text that is one expression may be: its value keeps its type, a number say, unless more text is beside it. */
const isOneExpression = (text: string): boolean => /^\{[^]*\}$/.test(text) && !text.startsWith("{{");

function asText(value: unknown, language: unknown): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise)
    return pulumi.output(value as pulumi.Input<string>).apply((known): unknown => asText(known, language));
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  // An empty text beside it makes a text of its value.
  return typeof value === "string" && language !== "liquid" && isOneExpression(value) ? `{''}${value}` : value;
}

/** Data is JSON, and so may be what one expression yields. What an output brings is not known. */
const isJson = (body: unknown): boolean =>
  typeof body === "string"
    ? isOneExpression(body)
    : body !== undefined && body !== null && !pulumi.Output.isInstance(body) && !(body instanceof Promise);

/** The inputs of a request, with every header a text, and the Content-Type that nobody gave. */
export function withTextHeaders(inputs: Dict): Dict {
  const [headers, body, method] = ["headers", "body", "method"].map((name) => inputs[name] as Dict | undefined);
  const given = headers?.["value"];
  if (!isDict(given) || pulumi.Output.isInstance(given)) return inputs;
  const texts = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, asText(value, headers!["templating"])]),
  );
  const isTyped = Object.keys(given).some((name) => name.toLowerCase() === "content-type");
  const type =
    Object.keys(given).length > 0 && !isTyped && isJson(body?.["value"]) && method?.["value"] !== "GET"
      ? { "Content-Type": "application/json" }
      : {};
  return { ...inputs, headers: { ...headers, value: { ...texts, ...type } } };
}
