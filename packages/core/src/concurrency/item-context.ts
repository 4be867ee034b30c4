export interface ItemContext {
  /** Position of the item in the source, from 0. */
  readonly index: number;
  /** Aborts when the item's result is no longer wanted. */
  readonly signal: AbortSignal;
}

/** What `fn` is given. The controller is made when it is needed, since most functions never look at the signal. */
export class LazyContext implements ItemContext {
  readonly index: number;
  #controller: AbortController | undefined;

  constructor(index: number) {
    this.index = index;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  /** Static, so that `fn` is not handed a way to abort. */
  static abort(context: LazyContext, reason: unknown): void {
    context.#controller ??= new AbortController();
    context.#controller.abort(reason);
  }
}
