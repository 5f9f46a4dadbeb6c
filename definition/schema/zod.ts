// What the schemas use of zod. In the package, this one file holds it all (tools/build.mjs): loading the whole library, with its messages in fifty
// languages, would cost every program and every provider process 40 ms.
export { array, boolean, enum, literal, null, number, object, record, registry, string, union, unknown } from "zod";
export { ZodArray, ZodEnum, ZodNullable, ZodObject, ZodOptional, ZodRecord, ZodString, ZodUnion } from "zod";
export type { core, ZodType } from "zod";
