const tags = ['think', 'thinking', 'reasoning_content', 'chain_of_thought'];
const openings = tags.map((tag) => `<${tag}>`);
const closings = tags.map((tag) => `</${tag}>`);

export interface SplitText {
  content: string;
  reasoning: string;
}

/**
 * Separates the reasoning that stands between tags at the start of a text from the text, piece by piece: a tag may be
 * cut anywhere. Tags further on are text. Without its closing tag all is reasoning. What may yet turn out to be a tag
 * is held back until the next piece.
 */
export class InlineThinking {
  /** `after` is the blank lines between the closing tag and the text, which belong to neither. */
  #state: 'start' | 'inside' | 'after' | 'outside' = 'start';
  readonly #opened: boolean;
  #closings = closings;
  #held = '';

  /** @param opened the opening tag may be missing: the text begins with reasoning all the same */
  constructor(opened: boolean) {
    this.#opened = opened;
  }

  /** Whether some of the text is held back. */
  get holds(): boolean {
    return this.#held !== '';
  }

  push(piece: string): SplitText {
    const split: SplitText = { content: '', reasoning: '' };
    let rest = this.#held + piece;
    this.#held = '';
    if (this.#state === 'start') rest = this.#open(rest);
    if (this.#state === 'inside') rest = this.#readReasoning(rest, split);
    if (this.#state === 'after') rest = this.#skipLines(rest);
    if (this.#state === 'outside') split.content = rest;
    return split;
  }

  /** The text has ended: what was held back is no tag. */
  flush(): SplitText {
    const held = this.#held;
    this.#held = '';
    return this.#state === 'inside' ? { content: '', reasoning: held } : { content: held, reasoning: '' };
  }

  #open(text: string): string {
    const trimmed = text.trimStart();
    const at = openings.findIndex((opening) => trimmed.startsWith(opening));
    if (at === -1 && openings.some((opening) => opening.startsWith(trimmed))) return this.#hold(text);
    this.#state = at === -1 && !this.#opened ? 'outside' : 'inside';
    if (at === -1) return text;
    this.#closings = closings.slice(at, at + 1);
    return trimmed.slice(openings[at]?.length);
  }

  #readReasoning(text: string, split: SplitText): string {
    const [first] = this.#closings
      .map((closing) => ({ at: text.indexOf(closing), length: closing.length }))
      .filter(({ at }) => at !== -1)
      .sort((a, b) => a.at - b.at);
    const tailAt = first?.at ?? this.#tailAt(text);
    split.reasoning = text.slice(0, tailAt);
    if (!first) return this.#hold(text.slice(tailAt));
    this.#state = 'after';
    return text.slice(first.at + first.length);
  }

  /** Where the beginning of a closing tag stands at the end of the text. */
  #tailAt(text: string): number {
    const at = text.lastIndexOf('<');
    const tail = text.slice(at);
    return at !== -1 && this.#closings.some((closing) => closing.startsWith(tail)) ? at : text.length;
  }

  #skipLines(text: string): string {
    const rest = text.replace(/^[\r\n]+/, '');
    if (rest !== '') this.#state = 'outside';
    return rest;
  }

  #hold(text: string): string {
    this.#held = text;
    return '';
  }
}
