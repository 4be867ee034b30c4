export interface Point {
  x: number;
  y: number;
}

export interface Slope {
  perX: number;
  /** Standard error of it. */
  error: number;
}

/** Of the line through the points, by least squares. */
export function slopeOf(points: readonly Point[]): Slope {
  const mean = { x: average(points.map(({ x }) => x)), y: average(points.map(({ y }) => y)) };
  const spread = sum(points.map(({ x }) => (x - mean.x) ** 2));
  const perX = sum(points.map(({ x, y }) => (x - mean.x) * (y - mean.y))) / spread;
  const residual = sum(points.map(({ x, y }) => (y - mean.y - perX * (x - mean.x)) ** 2));
  return { perX, error: Math.sqrt(residual / (points.length - 2) / spread) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function average(values: readonly number[]): number {
  return sum(values) / values.length;
}
