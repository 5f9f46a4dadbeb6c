// What no message to a user may hold.
const STACK_LINE = /^\s+at .+[:(].+:\d+:\d+\)?\s*$/m;
const SIGNS = /__provider|4dabf18193072939515e22adb298388d|04da6b54-80e4-46f7-96ec-b56ff0331ba9/;

export function untidyText(text: string): string | undefined {
  if (STACK_LINE.test(text)) return "a JavaScript stack";
  if (SIGNS.test(text)) return "a sign of the engine";
  if (/\[object Object\]|\bundefined\b|\bNaN\b/.test(text)) return "no text";
  return undefined;
}
