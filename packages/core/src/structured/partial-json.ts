/** What comes next, apart from white space. */
type Expected = 'value' | 'item' | 'first key' | 'key' | 'colon' | 'comma' | 'string' | 'scalar' | 'start' | 'nothing';

type Container = unknown[] | Record<string, unknown>;

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const literals: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const scalarEnd = /[^-+.\w]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none of them in a string
const stringPart = /["\\\u0000-\u001f]/g;

/**
 * Reads JSON that comes in pieces, each character once. What has come until then is in `value`: the same objects, which
 * grow. A text is there from its first character, any other scalar when it is complete, a member with its value.
 */
export class PartialJson {
  readonly #lenient: boolean;
  /** Those that are open, the outermost first. */
  readonly #open: Container[] = [];
  /** For each of them the key to which the next value belongs. */
  readonly #keys: string[] = [];
  #expected: Expected;
  #value: unknown;
  /** The string or scalar that is being read. */
  #text = '';
  #isKey = false;
  /** Whether what there is of the string stands in its place. */
  #placed = false;
  /** Of an escape that is cut in its middle. */
  #escape = '';
  #invalid = false;
  #changed = false;

  /** @param lenient looks for an object in a text, and does not mind what stands before or after it */
  constructor({ lenient = false } = {}) {
    this.#lenient = lenient;
    this.#expected = lenient ? 'start' : 'value';
  }

  get value(): unknown {
    return this.#value;
  }

  /** Whether all of it has come. Of a number that stands alone only `end` tells. */
  get complete(): boolean {
    return this.#expected === 'nothing' && !this.#invalid;
  }

  /** @returns whether there is more of the value now */
  write(piece: string): boolean {
    this.#changed = false;
    let at = 0;
    while (at < piece.length && !this.#invalid) at = this.#read(piece, at);
    if (this.#expected === 'string') this.#place(this.#text);
    return this.#changed;
  }

  /** The text is over. */
  end(): void {
    if (this.#expected === 'scalar' && this.#open.length === 0) this.#endScalar();
  }

  /** @returns where to go on */
  #read(piece: string, at: number): number {
    if (this.#expected === 'string') return this.#readString(piece, at);
    if (this.#expected === 'scalar') return this.#readScalar(piece, at);
    if (this.#expected === 'start') return this.#seek(piece, at);
    if (this.#expected === 'nothing' && this.#lenient) return piece.length;
    const character = piece[at] as string;
    if (character === ' ' || character === '\n' || character === '\r' || character === '\t') return at + 1;
    return this.#readSign(character) ? at + 1 : this.#fail(at);
  }

  #seek(piece: string, at: number): number {
    const start = piece.indexOf('{', at);
    if (start === -1) return piece.length;
    this.#expected = 'value';
    return start;
  }

  /** Nothing before it is an object after all, when one is looked for; else it is no JSON. */
  #fail(at: number): number {
    if (!this.#lenient) {
      this.#invalid = true;
      return at;
    }
    this.#open.length = 0;
    this.#keys.length = 0;
    this.#value = undefined;
    this.#changed = true;
    this.#expected = 'start';
    return at;
  }

  #readSign(character: string): boolean {
    switch (this.#expected) {
      case 'value':
        return this.#beginValue(character);
      case 'item':
        return character === ']' ? this.#close() : this.#beginValue(character);
      case 'first key':
        return character === '}' ? this.#close() : this.#beginKey(character);
      case 'key':
        return this.#beginKey(character);
      case 'colon':
        this.#expected = 'value';
        return character === ':';
      case 'comma':
        return this.#readComma(character);
      default:
        return false;
    }
  }

  #beginValue(character: string): boolean {
    if (character === '{') this.#enter({}, 'first key');
    else if (character === '[') this.#enter([], 'item');
    else if (character === '"') this.#beginString(false);
    else if (/[-\w]/.test(character)) {
      this.#text = character;
      this.#expected = 'scalar';
    } else return false;
    return true;
  }

  #beginKey(character: string): boolean {
    if (character !== '"') return false;
    this.#beginString(true);
    return true;
  }

  #beginString(isKey: boolean): void {
    this.#text = '';
    this.#escape = '';
    this.#isKey = isKey;
    this.#placed = false;
    this.#expected = 'string';
  }

  #enter(container: Container, expected: Expected): void {
    this.#placed = false;
    this.#place(container);
    this.#open.push(container);
    this.#keys.push('');
    this.#expected = expected;
  }

  #close(): boolean {
    this.#open.pop();
    this.#keys.pop();
    this.#endValue();
    return true;
  }

  #endValue(): void {
    this.#expected = this.#open.length === 0 ? 'nothing' : 'comma';
  }

  #readComma(character: string): boolean {
    const isList = Array.isArray(this.#open.at(-1));
    if (character === (isList ? ']' : '}')) return this.#close();
    this.#expected = isList ? 'value' : 'key';
    return character === ',';
  }

  #readScalar(piece: string, at: number): number {
    scalarEnd.lastIndex = at;
    const end = scalarEnd.exec(piece)?.index ?? piece.length;
    this.#text += piece.slice(at, end);
    if (end === piece.length) return end;
    return this.#endScalar() ? end : this.#fail(end);
  }

  #endScalar(): boolean {
    const isNumber = number.test(this.#text);
    if (!isNumber && !Object.hasOwn(literals, this.#text)) return false;
    this.#placed = false;
    this.#place(isNumber ? Number(this.#text) : literals[this.#text]);
    this.#endValue();
    return true;
  }

  #readString(piece: string, at: number): number {
    if (this.#escape !== '') return this.#readEscape(piece, at);
    stringPart.lastIndex = at;
    const end = stringPart.exec(piece)?.index ?? piece.length;
    if (end > at) this.#text += piece.slice(at, end);
    if (end === piece.length) return end;
    if (piece[end] === '\\') this.#escape = '\\';
    else if (piece[end] === '"') this.#endString();
    else return this.#fail(end);
    return end + 1;
  }

  /** One character of it. */
  #readEscape(piece: string, at: number): number {
    this.#escape += piece[at];
    const character = toCharacter(this.#escape);
    if (character === undefined) return this.#fail(at);
    if (character !== '') {
      this.#text += character;
      this.#escape = '';
    }
    return at + 1;
  }

  #endString(): void {
    if (this.#isKey) {
      this.#keys[this.#keys.length - 1] = this.#text;
      this.#expected = 'colon';
      return;
    }
    this.#place(this.#text);
    this.#endValue();
  }

  /** Puts a value, or more of one that is there already, where it belongs. */
  #place(value: unknown): void {
    if (this.#expected === 'string' && this.#isKey) return;
    const container = this.#open.at(-1);
    if (container === undefined) this.#value = value;
    else if (!Array.isArray(container)) setMember(container, this.#keys.at(-1) as string, value);
    else if (this.#placed) container[container.length - 1] = value;
    else container.push(value);
    this.#placed = true;
    this.#changed = true;
  }
}

/** `""`: it is not complete; `undefined`: it is none. */
function toCharacter(sequence: string): string | undefined {
  const kind = sequence[1] as string;
  if (kind !== 'u') return Object.hasOwn(escapes, kind) ? escapes[kind] : undefined;
  if (!/^[\da-f]*$/i.test(sequence.slice(2))) return undefined;
  return sequence.length < 6 ? '' : String.fromCharCode(Number.parseInt(sequence.slice(2), 16));
}

/** As `JSON.parse` does it: a member of any name is an own one. */
function setMember(container: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') container[key] = value;
  else Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
}
