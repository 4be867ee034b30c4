import { onDemand } from './on-demand.ts';

// A start holds what one whole answer takes. The rest is loaded when it is first needed.

/** What streamed completions take. */
export const streams = /* @__PURE__ */ onDemand(() => import('./client/dispatch-stream.ts'));

/** What requests take that hold more than plain text. */
export const richRequests = /* @__PURE__ */ onDemand(() => import('./client/rich-requests.ts'));

/** What finds a provider that is installed and has not been imported, and says that there is none. */
export const installedProviders = /* @__PURE__ */ onDemand(() => import('./registry/find-installed.ts'));

/** What it takes to hold calls back. */
export const busyLanes = /* @__PURE__ */ onDemand(() => import('./policy/limits/busy-lane.ts'));

/** What follows a failure. */
export const afterFailure = /* @__PURE__ */ onDemand(() => import('./after-failure.ts'));

/**
 * @throws the error itself where what would follow it has gone from the disk: it is final then, and its `cause`, where it
 * has no other, says why
 */
export async function loadAfterFailure(error: unknown): Promise<typeof import('./after-failure.ts')> {
  try {
    return await afterFailure();
  } catch (lost) {
    if (error instanceof Error) error.cause ??= lost;
    throw error;
  }
}

/** What is not a plain completion. */
export const beyondCompletion = /* @__PURE__ */ onDemand(() => import('./beyond-completion.ts'));
