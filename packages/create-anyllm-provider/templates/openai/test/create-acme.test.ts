import { testProvider } from '@anyllm/provider-testing';
import { test } from 'vitest';
import { createAcme } from '../src/create-acme.ts';

// What every provider has to do, against a server on this machine that speaks OpenAI's protocol.
testProvider({ test, createProvider: createAcme, simulate: 'openai' });
