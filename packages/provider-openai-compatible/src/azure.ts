import type { AuthHeader } from '@anyllm/provider-kit/openai';

/** Addresses of single deployments are the older interface, which asks for its version with every call. */
export function azureQuery(baseURL: string): Record<string, string> {
  const version = globalThis.process?.env.OPENAI_API_VERSION?.trim();
  return version && /\/deployments\//.test(baseURL) ? { 'api-version': version } : {};
}

/** Tokens of Entra, which are JSON Web Tokens, go as a bearer, keys by themselves. */
export function azureAuthHeader(apiKey: string): AuthHeader {
  return apiKey.startsWith('eyJ') ? 'bearer' : 'api-key';
}
