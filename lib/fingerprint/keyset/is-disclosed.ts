const disclosedEvery = 16

/** Whether buyers see this key of their copy. */
export const isDisclosed = (index: number) => index % disclosedEvery === 0
