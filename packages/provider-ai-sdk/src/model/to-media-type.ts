/** How the base64 of the usual images begins. */
const beginnings: readonly [string, string][] = [
  ['iVBORw', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
];

/** AI SDK allows `image` and `image/*`; vendors want to know which. What cannot be told is called JPEG. */
export function toMediaType(mediaType: string, base64: string): string {
  if (/^[^/]+\/[^*]+$/.test(mediaType)) return mediaType;
  const kind = mediaType.split('/')[0];
  if (kind !== 'image') return kind === 'audio' ? 'audio/wav' : 'application/octet-stream';
  return beginnings.find(([beginning]) => base64.startsWith(beginning))?.[1] ?? 'image/jpeg';
}
