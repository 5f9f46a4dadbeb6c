// Answers of the last while, by what was asked: whoever asks the same again gets the same promise, also while it is under way.
import type { Clock } from "../api";

export class Recent<T> {
  private readonly answers = new Map<string, { answer: Promise<T>; at: number }>();

  /**
   * @param freshMs How long an answer serves.
   * @param keeps Errors that are answers, too. After any other the next one asks again.
   */
  constructor(
    private readonly clock: Clock,
    private readonly freshMs: number,
    private readonly keeps: (error: unknown) => boolean = () => false,
  ) {}

  /** The answer that is there and fresh, if any. */
  get(key: string): Promise<T> | undefined {
    const known = this.answers.get(key);
    return known && this.clock.now() - known.at < this.freshMs ? known.answer : undefined;
  }

  /** That answer, or a new one. */
  of(key: string, ask: () => Promise<T>): Promise<T> {
    return this.get(key) ?? this.set(key, ask());
  }

  set(key: string, answer: Promise<T>): Promise<T> {
    this.answers.set(key, { answer, at: this.clock.now() });
    answer.catch((error: unknown) => {
      if (!this.keeps(error)) this.answers.delete(key);
    });
    return answer;
  }

  delete(key: string): void {
    this.answers.delete(key);
  }

  clear(): void {
    this.answers.clear();
  }
}
