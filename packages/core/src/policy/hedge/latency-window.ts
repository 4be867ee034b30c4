/** The latencies of the last calls, in milliseconds and in fixed memory. */
export class LatencyWindow {
  readonly #size: number;
  /** In the order of arrival, a ring. */
  readonly #ring: Float64Array;
  /** The same values in ascending order, so that a quantile costs nothing. */
  readonly #sorted: Float64Array;
  #count = 0;
  #next = 0;

  /** @param size how many calls are remembered */
  constructor(size = 256) {
    this.#size = size;
    this.#ring = new Float64Array(size);
    this.#sorted = new Float64Array(size);
  }

  get count(): number {
    return this.#count;
  }

  add(latencyMs: number): void {
    if (this.#count === this.#size) this.#remove(this.#ring[this.#next] as number);
    this.#insert(latencyMs);
    this.#ring[this.#next] = latencyMs;
    this.#next = (this.#next + 1) % this.#size;
  }

  /** The smallest remembered latency that at least this share (above 0, up to 1) does not exceed; none without calls. */
  quantile(share: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.ceil(share * this.#count - 1e-9); // 0.55 × 100 is a hair above 55
    return this.#sorted[Math.max(1, rank) - 1];
  }

  #remove(latencyMs: number): void {
    const place = this.#placeOf(latencyMs);
    this.#sorted.copyWithin(place, place + 1, this.#count);
    this.#count--;
  }

  #insert(latencyMs: number): void {
    const place = this.#placeOf(latencyMs);
    this.#sorted.copyWithin(place + 1, place, this.#count);
    this.#sorted[place] = latencyMs;
    this.#count++;
  }

  /** The first place whose value is not below this one. */
  #placeOf(latencyMs: number): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] as number) < latencyMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
