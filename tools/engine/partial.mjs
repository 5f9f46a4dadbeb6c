// What takes long to make is made beside its place: what has its name is whole, and what was cut short is gone.
import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { onInterrupt } from "./interrupt.mjs";

/**
 * Runs `work` on a new folder beside `root`, which it may rename to it, and removes what is left.
 * @template T
 * @param {string} root
 * @param {(partial: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function inPartialFolder(root, work) {
  const partial = `${root}.partial-${process.pid}-${randomUUID().slice(0, 8)}`;
  const remove = () => rmSync(partial, { recursive: true, force: true });
  const forget = onInterrupt(remove);
  try {
    mkdirSync(partial, { recursive: true });
    return await work(partial);
  } finally {
    forget();
    remove();
  }
}
