/** `1.9 s`, at least as wide as `19.9 s`. */
export function seconds(ms: number | undefined): string {
  return ms === undefined ? '' : `${(ms / 1000).toFixed(1)} s`.padStart(6);
}
