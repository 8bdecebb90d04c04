import type { ContractErrors } from './contract'

/** Every code of an error, with the numbers and names that its sentence needs. */
export type ErrorFacts = ContractErrors & { legacy: { message: string } }
