import type { Flaw } from './flaw.ts';
import { isPlainObject } from './plain-object.ts';

/** Looks at a value and says what is wrong with it: `fits`, always the same list, when nothing is. */
export type Shape = (value: unknown) => readonly Flaw[];

type AnyObject = Readonly<Record<string, unknown>>;

/** Shapes by the name of the field. */
export type Fields = Readonly<Record<string, Shape>>;

export const fits: readonly Flaw[] = [];

/** @param expected as `a string` */
export function kind(expected: string, test: (value: unknown) => boolean): Shape {
  return (value) => (test(value) ? fits : [{ path: [], value, expected: [expected] }]);
}

export const text = kind('a string', (value) => typeof value === 'string');
export const flag = kind('a boolean', (value) => typeof value === 'boolean');
export const number = kind('a number', Number.isFinite);
export const integer = kind('an integer', Number.isSafeInteger);

/** @param complaint as `must be at most 1` */
export function checked<T>(shape: Shape, complaint: string, test: (value: T) => boolean): Shape {
  return (value) => {
    const flaws = shape(value);
    return flaws.length > 0 || test(value as T) ? flaws : [{ path: [], value, complaint }];
  };
}

export function atLeast(minimum: number, shape: Shape): Shape {
  return checked<number>(shape, `must be at least ${minimum}`, (value) => value >= minimum);
}

export function atMost(maximum: number, shape: Shape): Shape {
  return checked<number>(shape, `must be at most ${maximum}`, (value) => value <= maximum);
}

export function positive(shape: Shape): Shape {
  return checked<number>(shape, 'must be greater than 0', (value) => value > 0);
}

export function nonEmpty(shape: Shape): Shape {
  return checked<{ length: number }>(shape, 'must not be empty', ({ length }) => length > 0);
}

export function optional(shape: Shape): Shape {
  return (value) => (value === undefined ? fits : shape(value));
}

export function nullable(shape: Shape): Shape {
  return (value) => (value === null ? fits : shape(value));
}

export function oneOf(...words: readonly string[]): Shape {
  const expected = words.map((word) => JSON.stringify(word));
  return (value) => (words.includes(value as string) ? fits : [{ path: [], value, expected }]);
}

const anArray = kind('an array', Array.isArray);
const anObject = kind('an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const aPlainObject = kind('a plain object', isPlainObject);

export function list(items: Shape): Shape {
  return (value) => {
    if (!Array.isArray(value)) return anArray(value);
    let flaws = fits;
    for (let index = 0; index < value.length; index++) flaws = add(flaws, index, items(value[index]));
    return flaws;
  };
}

/** An object of any names, for whose values one shape holds. Not an instance of a class, whose fields are its own. */
export function record(values: Shape = () => fits): Shape {
  return (value) => {
    if (!isPlainObject(value)) return aPlainObject(value);
    let flaws = fits;
    for (const name of Object.keys(value)) flaws = add(flaws, name, values(value[name]));
    return flaws;
  };
}

/** What is known of an object; it may hold more. */
export function object(fields: Fields): Shape {
  const shapes = Object.entries(fields);
  return (value) => {
    let flaws = anObject(value);
    if (flaws !== fits) return flaws;
    for (const [name, shape] of shapes) flaws = add(flaws, name, shape((value as AnyObject)[name]));
    return flaws;
  };
}

/**
 * An object with no other fields than these. Only those that are there are looked at, which may be few of many.
 * @param complaintAbout what is said of another one
 */
export function closed(fields: Fields, complaintAbout: (name: string) => string): Shape {
  const shapes = new Map(Object.entries(fields));
  const required = [...shapes].filter(([, shape]) => shape(undefined) !== fits);
  return (value) => {
    let flaws = anObject(value);
    if (flaws !== fits) return flaws;
    const given = value as AnyObject;
    for (const [name, shape] of required) if (!Object.hasOwn(given, name)) flaws = add(flaws, name, shape(undefined));
    for (const name of Object.keys(given)) {
      const shape = shapes.get(name);
      const found = shape ? shape(given[name]) : [{ path: [], value: given[name], complaint: complaintAbout(name) }];
      flaws = add(flaws, name, found);
    }
    return flaws;
  };
}

/** An object whose kind a field tells; its shape is that of the kind. */
export function tagged(tag: string, variants: Readonly<Record<string, Shape>>): Shape {
  const words = oneOf(...Object.keys(variants));
  return (value) => {
    const flaws = anObject(value);
    if (flaws !== fits) return flaws;
    const word = (value as AnyObject)[tag];
    const wrong = words(word);
    return wrong === fits ? (variants[word as string] as Shape)(value) : add(fits, tag, wrong);
  };
}

/**
 * Where none of them fits, the one that got furthest into the value tells what is wrong: it is what was meant. Else it
 * is one whose kind the value is, and which complains of it.
 */
export function either(...shapes: readonly Shape[]): Shape {
  return (value) => {
    const failed: (readonly Flaw[])[] = [];
    for (const shape of shapes) {
      const flaws = shape(value);
      if (flaws === fits) return fits;
      failed.push(flaws);
    }
    const furthest = failed.reduce((a, b) => (depth(b) > depth(a) ? b : a));
    if (depth(furthest) > 0) return furthest;
    const complaining = failed.find(([flaw]) => flaw?.complaint !== undefined);
    if (complaining) return complaining;
    return [{ path: [], value, expected: [...new Set(failed.flatMap(([flaw]) => flaw?.expected ?? []))] }];
  };
}

function depth([flaw]: readonly Flaw[]): number {
  return flaw?.path.length ?? 0;
}

/** With what was found inside, if anything was: as long as nothing is, nothing is made. */
function add(flaws: readonly Flaw[], key: string | number, found: readonly Flaw[]): readonly Flaw[] {
  if (found === fits) return flaws;
  return [...flaws, ...found.map((flaw) => ({ ...flaw, path: [key, ...flaw.path] }))];
}
