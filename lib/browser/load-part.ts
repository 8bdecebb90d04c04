import { KinmarkError } from '../error'

/** A part of the page that is loaded when it is needed. Throws `browser.part-missing`. */
export async function loadPart<T>(part: Promise<T>): Promise<T> {
  try {
    return await part
  } catch (cause) {
    throw new KinmarkError('browser.part-missing', {}, { cause })
  }
}
