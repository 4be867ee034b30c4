import type { Case } from './case.ts';
import { audioCases } from './cases/audio.ts';
import { batchCases } from './cases/batches.ts';
import { cancellationCases } from './cases/cancellation.ts';
import { completionCases } from './cases/completion.ts';
import { deadlineCases } from './cases/deadlines.ts';
import { embeddingCases } from './cases/embeddings.ts';
import { errorCases } from './cases/errors.ts';
import { imageCases } from './cases/images.ts';
import { modelCases } from './cases/models.ts';
import { moderationCases } from './cases/moderation.ts';
import { reasoningCases } from './cases/reasoning.ts';
import { rerankCases } from './cases/rerank.ts';
import { responsesCases } from './cases/responses.ts';
import { securityCases } from './cases/security.ts';
import { streamingCases } from './cases/streaming.ts';
import { structuredOutputCases } from './cases/structured-output.ts';
import { tokenCountCases } from './cases/token-counts.ts';
import { toolCases } from './cases/tools.ts';
import { usageCases } from './cases/usage.ts';

/** The whole suite, as data. */
export const cases: readonly Case[] = [
  ...completionCases,
  ...streamingCases,
  ...toolCases,
  ...structuredOutputCases,
  ...reasoningCases,
  ...usageCases,
  ...errorCases,
  ...cancellationCases,
  ...deadlineCases,
  ...securityCases,
  ...embeddingCases,
  ...modelCases,
  ...moderationCases,
  ...rerankCases,
  ...imageCases,
  ...audioCases,
  ...responsesCases,
  ...tokenCountCases,
  ...batchCases,
];
