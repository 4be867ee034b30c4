import { onDemand, type ProviderContext } from '@anyllm/core/provider';

export type BeyondChat = typeof import('./beyond-chat.ts');

type Operate<Request, Answer> = (request: Request, context: ProviderContext) => Promise<Answer>;

/** The operations beside completions. Loaded with the first call: a program that only asks for completions does without. */
export const beyondChat: () => BeyondChat | Promise<BeyondChat> = /* @__PURE__ */ onDemand(
  () => import('./beyond-chat.ts'),
);

/** An operation that is made with its first call. */
export function late<Request, Answer>(
  create: (module: BeyondChat) => Operate<Request, Answer>,
): Operate<Request, Answer> {
  return async (request, context) => create(await beyondChat())(request, context);
}
