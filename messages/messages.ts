/** A sentence for every code of `Errors`, from that code's facts: what went wrong, and what to do about it. */
export type Messages<Errors> = { [Code in keyof Errors]: (facts: Errors[Code]) => string }
