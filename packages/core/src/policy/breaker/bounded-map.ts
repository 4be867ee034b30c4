/**
 * A value for each key, made on first use, for keys whose number nobody bounds (models, API keys). Over the limit the
 * idle value that was not asked for the longest is dropped; when none is idle, simply the oldest.
 */
export class BoundedMap<Value> {
  readonly #limit: number;
  readonly #isIdle: (value: Value) => boolean;
  /** In the order of use. */
  readonly #values = new Map<string, Value>();
  /** The one that was asked for last: most calls are for it again. */
  #newest: Value | undefined;

  /** @param limit how many values are kept at most, at least 1 */
  constructor(limit: number, isIdle: (value: Value) => boolean = () => true) {
    this.#limit = limit;
    this.#isIdle = isIdle;
  }

  get size(): number {
    return this.#values.size;
  }

  getOrCreate(key: string, create: () => Value): Value {
    const known = this.#values.get(key);
    if (known !== undefined && known === this.#newest) return known;
    this.#values.delete(key);
    const value = known ?? create();
    if (known === undefined && this.#values.size >= this.#limit) this.#dropOne();
    this.#values.set(key, value);
    this.#newest = value;
    return value;
  }

  #dropOne(): void {
    const dropped = this.#firstIdle() ?? this.#values.keys().next().value;
    if (dropped !== undefined) this.#values.delete(dropped);
  }

  #firstIdle(): string | undefined {
    for (const [key, value] of this.#values) if (this.#isIdle(value)) return key;
    return undefined;
  }
}
