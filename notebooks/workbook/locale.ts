// The people's languages that the workbook speaks.

export const locales = ["en", "ko"] as const;

/** A person's language. */
export type Locale = (typeof locales)[number];
