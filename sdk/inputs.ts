// How a definition's types turn into arguments: structure stays plain, and every leaf may be an output.
import type { Input, Output } from "@pulumi/pulumi";

/** A closed set of texts takes the literal, or an output of any text, which is checked in preview: `config.require(…)` has no narrower type. */
type Closed<T> = T | Promise<string> | Output<string>;

// Optional members bring `undefined` along, which makes no set of texts an open one.
type Leaf<T> = [Exclude<T, null | undefined>] extends [string] ? (string extends T ? Input<T> : Closed<T>) : Input<T>;

/** Keys that are structure wherever a step has them: known in the program, so that the flow is a graph before anything is resolved. */
type StructuralKey = "type" | "name" | "next" | "branches";

/** `T` with an `Input` at every leaf. Maps and lists stay plain. */
export type Leaves<T> = unknown extends T
  ? // Data of any shape: outputs are allowed anywhere inside.
    any
  : [T] extends [string | number | boolean | null | undefined]
    ? Leaf<T>
    : T extends readonly (infer E)[]
      ? readonly Leaves<E>[]
      : T extends object
        ? { [K in keyof T]: Leaves<T[K]> }
        : Leaf<T>;

/** A step: its structure plain, its leaves inputs. */
export type StepArgs<T> = T extends object
  ? { [K in keyof T]: K extends StructuralKey ? T[K] : K extends "config" ? ConfigArgs<T[K]> : Leaves<T[K]> }
  : never;

/** A config: its `type`, which decides about its shape, plain. */
type ConfigArgs<T> = T extends object ? { [K in keyof T]: K extends "type" ? T[K] : Leaves<T[K]> } : T;
