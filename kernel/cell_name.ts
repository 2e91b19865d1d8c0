/**
 * What compiled code calls the object through which it speaks to the kernel (main/scope.ts). Comments write
 * it without its last character, which is in no name that somebody has typed.
 */
export const CELL = "__cell·";
