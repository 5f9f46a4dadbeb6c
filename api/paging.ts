/**
 * Reads a whole list by offsets, although rows move while it is read: the list is ordered by last change, so an edited
 * flow jumps to the front and pushes others over a page border, and a deleted one pulls them back.
 */
import { PostHogApiError } from "./errors";
import type { Page, PageQuery } from "./wire";

/** The largest page that the server gives (API §0.7). */
const PAGE_SIZE = 500;

/** A list that keeps changing is not read for ever. */
const MAX_PASSES = 3;

/** More rows than any project has: a list that continues after them does not end. */
const MAX_ROWS = 100_000;

function endless(rows: number): PostHogApiError {
  const detail = `the list has not ended after ${rows} rows`;
  return new PostHogApiError({
    message: `GET of a whole list failed: ${detail}. Something other than PostHog's API seems to answer.`,
    request: "GET of a whole list",
    outcome: "refused",
    detail,
    code: "unreadable",
  });
}

/**
 * All rows, each id once. A pass counts when the server's total stayed the same and as many different rows were seen;
 * otherwise the list is read again. When no pass counts, the rows of all of them are returned together: then one that was
 * deleted meanwhile may be among them, but none is missing. Lists of one page are always read in one request.
 */
export async function allRows<Row extends { id: string }>(
  read: (page: Required<PageQuery>) => Promise<Page<Row>>,
): Promise<Row[]> {
  const union = new Map<string, Row>();
  let size = PAGE_SIZE;
  for (let pass = 1; pass <= MAX_PASSES; pass++) {
    const rows = new Map<string, Row>();
    const totals = new Set<number>();
    let pages = 0;
    for (let offset = 0; ;) {
      let page: Page<Row>;
      try {
        page = await read({ limit: size, offset });
      } catch (error) {
        // Flows with large e-mails can make a full page larger than an answer may be.
        if (!(error instanceof PostHogApiError) || error.code !== "too_large" || size < 2) throw error;
        size = Math.floor(size / 2);
        continue;
      }
      pages++;
      totals.add(page.count);
      // A row that was pushed over the border is seen twice; its first appearance is as good as the second.
      const before = rows.size;
      for (const row of page.results) if (!rows.has(row.id)) rows.set(row.id, row);
      offset += page.results.length;
      if (offset > MAX_ROWS) throw endless(offset);
      // A page that holds nothing new and is not the last one: this pass is over, and does not count.
      if (rows.size === before && page.results.length > 0 && page.next != null) break;
      // `next` says only that there is more: its address is the server's opinion and is not followed.
      if (page.results.length === 0 || page.next == null) break;
    }
    if (pages === 1 || (totals.size === 1 && totals.has(rows.size))) return [...rows.values()];
    for (const [id, row] of rows) union.set(id, row);
  }
  return [...union.values()];
}
