import type { ChatCompletionChunk } from '@anyllm/core/provider';
import { withText } from '../decode/with-text.ts';

/** What an event of text looks like around its text, and around the random padding that OpenAI adds behind it. */
interface Template {
  /** Whose choice holds a text and nothing else. */
  chunk: ChatCompletionChunk;
  /** Up to the text. */
  head: string;
  /** From the text's closing quote to the end, or up to the padding. */
  tail: string;
  /** From the padding's closing quote to the end. */
  afterPadding: string | undefined;
}

/** An event that the parser read. */
interface Lesson {
  data: string;
  text: string;
  chunk: ChatCompletionChunk;
}

/** How many templates in a row may go unused before the stream counts as one whose events differ in more. */
const maxPatience = 4;

/**
 * Spares most events of a stream their parsing, which is two thirds of the work: they differ in nothing but a piece of
 * text. An event that is the same as the last one, character for character, around a text without escapes, is the same
 * chunk with that text; every other is left to the parser. That the gap in the template is the text of the first
 * choice is checked with the parser when the template is made.
 */
export class ChunkTemplate {
  #template: Template | undefined;
  /** What the parser read last. A template is made of it when the next event comes: its own text is not held up. */
  #lesson: Lesson | undefined;
  #patience = maxPatience;

  /** The chunk of an event, if it follows the template. */
  match(data: string): ChatCompletionChunk | undefined {
    if (this.#lesson) this.#learn(this.#lesson);
    const template = this.#template;
    if (!template || data.slice(0, template.head.length) !== template.head) return undefined;
    const end = data.indexOf('"', template.head.length);
    const text = data.slice(template.head.length, end);
    if (end === -1 || !isPlain(text) || !followsTail(data, end, template)) return undefined;
    this.#patience = maxPatience;
    return withText(template.chunk, text);
  }

  /** Takes in an event that the parser had to read, if it is one of text alone. The consumer may change its chunk. */
  learn(data: string, chunk: ChatCompletionChunk): void {
    const text = this.#patience > 0 ? textOf(chunk) : undefined;
    if (text !== undefined && isPlain(text)) this.#lesson = { data, text, chunk: { ...chunk } };
  }

  #learn({ data, text, chunk }: Lesson): void {
    this.#lesson = undefined;
    this.#patience -= 1;
    const [before = '', ...after] = data.split(`"${text}"`);
    if (after.length !== 1) return; // more than one place: cannot tell which is the text
    const head = `${before}"`;
    const rest = `"${after[0]}`;
    if (!isTextAt(head, rest)) return;
    const [tail = '', afterPadding] = splitPadding(rest);
    this.#template = {
      chunk: {
        ...chunk,
        choices: [{ index: chunk.choices[0]?.index ?? 0, delta: { content: '' }, finish_reason: null }],
      },
      head: flat(head),
      tail: flat(tail),
      afterPadding: afterPadding && flat(afterPadding),
    };
  }
}

/** The text of a chunk that holds nothing else. */
function textOf({ choices, usage }: ChatCompletionChunk): string | undefined {
  const [choice] = choices;
  if (usage || choices.length !== 1 || !choice || choice.finish_reason !== null || choice.logprobs) return undefined;
  const { content } = choice.delta;
  return content && Object.keys(choice.delta).length === 1 ? content : undefined;
}

/** A text of its own: pieces put together, or cut out of a larger one, compare more slowly and keep that one alive. */
function flat(text: string): string {
  return Buffer.from(text).toString();
}

/** Whether the text stands in JSON as it is. */
function isPlain(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in a string
  return !/["\\\u0000-\u001f]/.test(text);
}

const probe = 'probe';

/** Whether what is put between the two becomes the text of the first choice. */
function isTextAt(head: string, rest: string): boolean {
  return JSON.parse(head + probe + rest).choices?.[0]?.delta?.content === probe;
}

/** `","obfuscation":"a9"}` → up to the padding, and from its end on. */
function splitPadding(rest: string): [string, string?] {
  const found = /^(.*"obfuscation":\s?")[^"\\]*("\s*})$/s.exec(rest);
  return found ? [found[1] as string, found[2] as string] : [rest];
}

function followsTail(data: string, end: number, { tail, afterPadding }: Template): boolean {
  // Comparing slices takes a fifth of the time of `startsWith` and `endsWith`.
  if (afterPadding === undefined) return data.slice(end) === tail;
  const paddingAt = end + tail.length;
  if (data.slice(end, paddingAt) !== tail) return false;
  const paddingEnd = data.indexOf('"', paddingAt);
  return paddingEnd !== -1 && data.slice(paddingEnd) === afterPadding;
}
