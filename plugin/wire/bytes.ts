// The bytes of protobuf messages: numbers, texts, and parts with their length before them. What is read never goes beyond the part that it is in.

/** How the value of a field is written. */
export const VARINT = 0;
export const EIGHT_BYTES = 1;
export const PART = 2;
const FOUR_BYTES = 5;

/** What is before a value: the number of its field and how it is written. */
export const tagOf = (number: number, wire: number): number => number * 8 + wire;

const LONGEST_VARINT = 10;

export class Reader {
  private at = 0;
  /** Where the part ends that is being read. */
  private end: number;
  /** How many lists and maps are open. */
  level = 0;

  constructor(private readonly bytes: Buffer) {
    this.end = bytes.length;
  }

  hasMore(): boolean {
    return this.at < this.end;
  }

  /** Begins the part whose length is next; what it returns ends it again. */
  enter(): number {
    const outer = this.end;
    this.end = this.after(this.varint());
    return outer;
  }

  leave(outer: number): void {
    this.at = this.end;
    this.end = outer;
  }

  varint(): number {
    let value = 0;
    for (let i = 0, scale = 1; i < LONGEST_VARINT; i += 1, scale *= 128) {
      if (this.at >= this.end) throw new Error("The message ends in the middle of a number.");
      const byte = this.bytes.readUInt8(this.at++);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new Error(`A number of the message has more than ${LONGEST_VARINT} bytes.`);
  }

  double(): number {
    const from = this.at;
    this.at = this.after(8);
    return this.bytes.readDoubleLE(from);
  }

  /** The text whose length is next. */
  text(): string {
    const end = this.after(this.varint());
    const text = this.bytes.toString("utf8", this.at, end);
    this.at = end;
    return text;
  }

  /** Passes over a value that nobody asks for. */
  skip(tag: number): void {
    const wire = tag % 8;
    if (wire === VARINT) this.varint();
    else if (wire === EIGHT_BYTES) this.at = this.after(8);
    else if (wire === FOUR_BYTES) this.at = this.after(4);
    else if (wire === PART) this.leave(this.enter());
    else throw new Error(`The message has a value of a kind that nobody writes any more (${wire}).`);
  }

  /** Where something of this length ends, which is next. */
  private after(length: number): number {
    if (length > this.end - this.at) throw new Error("The message ends before what it announces.");
    return this.at + length;
  }
}

/** Writes from the end to the beginning, so that a part is there before its length is. */
export class Writer {
  private bytes = Buffer.allocUnsafe(8192);
  private start = this.bytes.length;

  /** How much is written. */
  get length(): number {
    return this.bytes.length - this.start;
  }

  varint(value: number): void {
    let size = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
    let at = this.before(size);
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.bytes[at++] = (rest % 128) + 128;
    this.bytes[at] = rest;
  }

  double(value: number): void {
    const at = this.before(8);
    this.bytes.writeDoubleLE(value, at);
  }

  /** Without its length. */
  text(value: string): void {
    const size = Buffer.byteLength(value);
    const at = this.before(size);
    this.bytes.write(value, at, size, "utf8");
  }

  /** Puts a tag before a part, and its length. */
  endPart(lengthBefore: number, tag: number): void {
    this.varint(this.length - lengthBefore);
    this.varint(tag);
  }

  result(): Buffer {
    return this.bytes.subarray(this.start);
  }

  /** Where something of this size is to be written. The bytes may be others afterwards. */
  private before(size: number): number {
    if (size > this.start) {
      const used = this.length;
      const larger = Buffer.allocUnsafe(2 * (used + size));
      this.bytes.copy(larger, larger.length - used, this.start);
      this.bytes = larger;
      this.start = larger.length - used;
    }
    this.start -= size;
    return this.start;
  }
}
