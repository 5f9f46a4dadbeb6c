// Members that are there: what is `undefined` is left out, so that data is the same before and after JSON.

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

export const present = <T extends object>(members: T): Present<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
