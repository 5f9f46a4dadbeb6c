// What happens next: signals and wakes in the order of virtual time. At equal times edits come first, then events, then changes of people and
// groups, then wakes; among those, whatever was planned first (run time §11, 2).

export const RANK = { edit: 0, event: 1, update: 2, start: 3, wake: 4 } as const;

interface Item<T> {
  time: number;
  rank: number;
  order: number;
  what: T;
}

export class Queue<T> {
  private readonly heap: Item<T>[] = [];
  private order = 0;

  push(time: number, rank: number, what: T): void {
    const item = { time, rank, order: this.order++, what };
    let i = this.heap.push(item) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(item, this.heap[parent]!)) break;
      this.heap[i] = this.heap[parent]!;
      i = parent;
    }
    this.heap[i] = item;
  }

  pop(): { time: number; what: T } | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.heap.length > 0) this.sink(last);
    return first;
  }

  private sink(item: Item<T>): void {
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.heap.length) break;
      if (child + 1 < this.heap.length && before(this.heap[child + 1]!, this.heap[child]!)) child += 1;
      if (!before(this.heap[child]!, item)) break;
      this.heap[i] = this.heap[child]!;
      i = child;
    }
    this.heap[i] = item;
  }
}

const before = <T>(a: Item<T>, b: Item<T>): boolean => (a.time - b.time || a.rank - b.rank || a.order - b.order) < 0;
