// A user of PostHog in words (API §2.5).
import type { WireUser } from "../api";

/** `Ada Lovelace (ada@example.com)`, or what of it there is. */
export function userWords(user: WireUser | null | undefined): string | undefined {
  if (!user) return undefined;
  const text = (key: string): string => {
    const value = (user as Record<string, unknown>)[key];
    return typeof value === "string" ? value.trim() : "";
  };
  const name = [text("first_name"), text("last_name")].filter((part) => part !== "").join(" ");
  const email = text("email");
  if (name === "") return email === "" ? undefined : email;
  return email === "" ? name : `${name} (${email})`;
}
