import { isRunnable } from '../tools/tool.ts';
import { fits, type Shape } from './shape.ts';

const complaint = 'was made by `tool`: pass it to `runTools`, which runs it, or write here the plain JSON of a tool';

/** A tool as it travels. Of one that `tool` has made it is said where it belongs: it is easily taken for such. */
export function plainTool(shape: Shape): Shape {
  return (value) => {
    const flaws = shape(value);
    return flaws !== fits && isRunnable(value) ? [{ path: [], value, complaint }] : flaws;
  };
}
