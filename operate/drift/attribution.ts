// Who changed a live flow, and when, as far as PostHog keeps it: its revisions newer than the one that the stack knows (API §7.3).
import { differences } from "../../definition/canonical/compare";
import { decode } from "../../definition/canonical/decode";
import { startsWith, type Path } from "../../definition/canonical/paths";
import type { Dict } from "../../definition/canonical/values";
import type { PostHogClient, WireRevision } from "../../api";
import { userWords } from "../users";

/** A save in PostHog. */
export interface Save {
  version: number;
  at: string;
  /** Name and address of the user; absent where PostHog kept none. */
  by?: string;
}

/** Most revisions of one flow whose content is read, newest first. */
const MOST_REVISIONS = 20;

export type RevisionsClient = Pick<PostHogClient, "listRevisions" | "getRevision">;

/** The saves after a version, oldest first. */
export async function savesSince(client: RevisionsClient, id: string, version: number): Promise<Save[]> {
  const { results } = await client.listRevisions(id, { limit: 100 });
  return results
    .filter((revision) => revision.version > version)
    .sort((a, b) => a.version - b.version)
    .map(saveOf);
}

export const saveOf = ({ version, created_at, created_by }: WireRevision): Save => {
  const by = userWords(created_by);
  return { version, at: created_at, ...(by === undefined ? {} : { by }) };
};

/**
 * Which of the saves last changed each path. A title, a description and a status are in no revision, so nobody can say who changed them.
 *
 * @param known `version` is the one that the stack knows.
 */
export async function lastSaves(
  client: RevisionsClient,
  { id, version, saves, paths }: { id: string; version: number; saves: readonly Save[]; paths: readonly Path[] },
): Promise<Map<Path, Save>> {
  const read = saves.slice(-MOST_REVISIONS);
  if (read.length === 0) return new Map();
  const content = async (number: number): Promise<Dict> => decode((await client.getRevision(id, number)).content);
  const first = saves[saves.length - read.length - 1]?.version ?? version;
  const found = new Map<Path, Save>();
  let before = await content(first);
  for (const save of read) {
    const after = await content(save.version);
    const changed = differences(before, after).map(({ path }) => path);
    for (const path of paths)
      if (changed.some((other) => startsWith(other, path) || startsWith(path, other))) found.set(path, save);
    before = after;
  }
  return found;
}
