/** A value as an error quotes it; what a JSON object does not have is missing. */
export function brief(value: unknown): string {
  if (value === undefined) return "missing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
