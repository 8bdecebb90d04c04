/** A text as every database takes it: without NUL characters and halves of surrogate pairs. */
export const storable = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed()
