/** What expressions of a run may read: filters see the event's name and properties, inputs see whole objects (run time §5.2, §6.3). */
import { isObject, type JsonObject } from "../json";

const GROUP_TYPES = [0, 1, 2, 3, 4];

const texts = (chain: string, pattern: RegExp): string[] => [
  ...new Set([...chain.matchAll(pattern)].map((match) => match[1]!)),
];

/** Everything that a filter or a delay's expression reads. */
export function filterGlobals({ event, person, groups, variables }: JsonObject): JsonObject {
  const properties: JsonObject = event.properties ?? {};
  const chain = String(event.elements_chain ?? properties.$elements_chain ?? "");
  const known = isObject(person) ? { id: person.id, properties: person.properties } : null;
  const globals: JsonObject = {
    event: event.event,
    uuid: event.uuid,
    timestamp: event.timestamp,
    distinct_id: event.distinct_id,
    properties,
    elements_chain: event.elements_chain ?? properties.$elements_chain,
    elements_chain_href: texts(chain, /(?::|")href="(.*?)"/g)[0] ?? "",
    elements_chain_texts: texts(chain, /(?::|")text="(.*?)"/g),
    elements_chain_ids: texts(chain, /(?::|")attr_id="(.*?)"/g),
    elements_chain_elements: texts(chain, /(?:^|;)(a|button|form|input|select|textarea|label)(?:\.|$|:)/g),
    person: known,
    pdi: known && { distinct_id: event.distinct_id, person_id: known.id, person: known },
    variables,
  };
  for (const index of GROUP_TYPES) {
    const group = Object.values(isObject(groups) ? groups : {}).find((each) => isObject(each) && each.index === index);
    globals[`$group_${index}`] = isObject(group) ? group.id : null;
    globals[`group_${index}`] = { properties: isObject(group) ? (group.properties ?? {}) : {} };
  }
  // What is not there is null; without a value the machine would not know the name.
  for (const key of Object.keys(globals)) globals[key] ??= null;
  return globals;
}

export interface StepGlobals {
  globals: JsonObject;
  variables: JsonObject;
  projectId: string;
  /** Id and name of the flow; a flow that is stored nowhere has none. */
  flow: { id: string | undefined; name: unknown };
  templateName: string;
  siteUrl: string;
}

/** Everything that the inputs of a step read, but the inputs themselves. */
export function inputGlobals({ globals, variables, projectId, flow, templateName, siteUrl }: StepGlobals): JsonObject {
  return {
    event: globals.event,
    person: globals.person ?? null,
    groups: globals.groups ?? {},
    variables,
    project: { id: Number(projectId) || projectId, name: "", url: "" },
    source: {
      name: `${String(flow.name ?? null)} - ${templateName}`,
      url: `${siteUrl}/project/${projectId}/workflows/${flow.id}/workflow?node=${flow.id}`,
    },
  };
}
