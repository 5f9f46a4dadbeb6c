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

/** The part of a browser's EventSource that is used. */
type Events = Pick<EventSource, "addEventListener">;

interface Options {
  /** Version of the data that is shown. */
  version: number;
  events: Events;
  fetchData: () => Promise<ShowData>;
  /** Called with what is new: data, trouble, or both. */
  onChange: (change: Following & { data?: ShowData }) => void;
}

/** Follows until the page is closed. */
export function follow({ version: shown, events, fetchData, onChange }: Options): void {
  let latest = shown;
  let current: Following = { isLost: false };
  const set = (following: Following, data?: ShowData): void => {
    current = following;
    onChange({ ...following, data });
  };
  events.addEventListener("state", (event) => {
    const { version, trouble } = JSON.parse((event as MessageEvent<string>).data) as LiveState;
    latest = version;
    if (version === shown) {
      if (trouble !== undefined || current.trouble !== undefined || current.isLost) set({ trouble, isLost: false });
      return;
    }
    fetchData().then(
      (data) => {
        // Another state has come meanwhile, and fetches its own.
        if (latest !== version) return;
        shown = version;
        set({ trouble, isLost: false }, data);
      },
      () => set({ ...current, isLost: true }),
    );
  });
  events.addEventListener("error", () => {
    if (!current.isLost) set({ ...current, isLost: true });
  });
}

/** Follows the server that this page comes from. A page from a file has none. */
export function followServer(onChange: Options["onChange"]): void {
  const version = document.querySelector<HTMLMetaElement>('meta[name="hogflow-version"]')?.content;
  if (version === undefined) return;
  follow({
    version: Number(version),
    events: new EventSource("events"),
    fetchData: async () => {
      const response = await fetch("data", { cache: "no-store" });
      if (!response.ok) throw new Error(`data: status ${response.status}`);
      return dataIn(await response.text());
    },
    onChange,
  });
}
