import { getEventListeners } from 'node:events';
import { Socket } from 'node:net';
import 'node:tls'; // before anything is counted: its class derives from `Socket`, whose count includes the prototype
import { queryObjects } from 'node:v8';

/** What is in the heap after a full collection, whether it holds the process or not. */
export interface Living {
  heapBytes: number;
  sockets: number;
  timers: number;
  signals: number;
  /** On the signal that all calls share. */
  listeners: number;
}

type Class = Parameters<typeof queryObjects>[0];

/** Asking for the objects of a class collects the garbage, each time, so that the heap is looked at last. */
export function countLiving(shared: AbortSignal): Living {
  const count = (type: Class) => queryObjects(type, { format: 'count' });
  const counts = { sockets: count(Socket), timers: count(Timeout), signals: count(AbortSignal) };
  const listeners = getEventListeners(shared, 'abort').length;
  return { ...counts, listeners, heapBytes: process.memoryUsage().heapUsed };
}

const Timeout = timerClass();

/** Node has no name for it. */
function timerClass(): Class {
  const timer = setTimeout(() => {}, 0);
  clearTimeout(timer);
  return timer.constructor;
}
