// A page that is served follows its program: its server says when there is something newer, and the page shows it where one is, without a reload. `<meta name="hogflow-version">` makes a page a
// served one; `events` beside it sends LiveState as server-sent events named `state`, and `data` has what the page's script element has.
import type { LiveState, ShowData, Trouble } from "../data";
import { dataIn } from "./unpack";

/** How far a page follows. */
export interface Following {
  /** What keeps the program from running. */
  trouble?: Trouble;
  /** Whether the server is silent: the page is as it was. */
  isLost: boolean;
}

/** Follows the server that this page comes from until the page is closed. A page from a file has none. */
export function followServer(onChange: (change: Following & { data?: ShowData }) => void): void {
  const version = document.querySelector<HTMLMetaElement>('meta[name="hogflow-version"]')?.content;
  if (version === undefined) return;
  let shown = Number(version);
  let latest: LiveState | undefined;
  let current: Following = { isLost: false };
  const set = (following: Following, data?: ShowData): void => {
    current = following;
    onChange({ ...following, data });
  };
  const lose = (): void => {
    if (!current.isLost) set({ ...current, isLost: true });
  };
  const events = new EventSource("events");
  events.addEventListener("error", lose);
  events.addEventListener("state", ({ data: text }: MessageEvent<string>) => {
    const state = JSON.parse(text) as LiveState;
    const { version: newest, trouble } = state;
    latest = state;
    if (newest === shown) {
      if (trouble !== undefined || current.trouble !== undefined || current.isLost) set({ trouble, isLost: false });
      return;
    }
    fetchData().then((data) => {
      // What has come meanwhile fetches for itself.
      if (latest !== state) return;
      shown = newest;
      set({ trouble, isLost: false }, data);
    }, lose);
  });
}

async function fetchData(): Promise<ShowData> {
  const response = await fetch("data", { cache: "no-store" });
  if (!response.ok) throw new Error(`data: status ${response.status}`);
  return dataIn(await response.text());
}
