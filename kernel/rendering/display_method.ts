/** The name of the method by which a value says how it is shown: Deno's convention. */
export const displayMethod: unique symbol = Symbol.for("Jupyter.display") as never;
