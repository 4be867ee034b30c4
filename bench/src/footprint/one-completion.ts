import { completion } from '@anyllm/core';
import '@anyllm/provider-openai';

// What is bundled to see how large a program with one completion is.

const answer = await completion({ model: 'openai/gpt-4o-mini', prompt: 'Hello' });
console.log(answer.text);
