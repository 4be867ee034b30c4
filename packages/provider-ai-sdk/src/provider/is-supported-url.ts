/** Whether a model fetches an address itself. Source: `isUrlSupported` in `@ai-sdk/provider-utils`. */
export function isSupportedUrl(url: URL, mediaType: string, supported: Record<string, RegExp[]>): boolean {
  return Object.entries(supported).some(([pattern, addresses]) => {
    const prefix = pattern.toLowerCase().replaceAll('*', '').replace(/^\/$/, '');
    return mediaType.startsWith(prefix) && addresses.some((address) => new RegExp(address).test(url.href));
  });
}
