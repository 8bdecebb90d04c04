import type { Page } from '@playwright/test'
import { expect } from './wallet'

/** Name, text and label of the element that has the focus. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: at } = document
    // Nothing has it: the body would say everything that stands in the page.
    if (at === document.body) return ''
    const labels = [...((at as HTMLInputElement | null)?.labels ?? [])].map((label) => label.textContent)
    return `${at?.getAttribute('aria-label') ?? ''} ${at?.textContent ?? ''} ${labels.join(' ')}`
  })

/** Presses Tab until an element with this name has the focus. */
export async function tabTo(page: Page, name: string | RegExp, most = 90): Promise<void> {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab')
    const found = await focused(page)
    if (typeof name === 'string' ? found.includes(name) : name.test(found)) return
  }
  throw new Error(`Tab never reached ${name}.`)
}

export async function pressAt(page: Page, name: string | RegExp, key = 'Enter'): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press(key)
}

/** Where the focus is: a name, or the element. */
export const focusIn = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName)

/** Nobody who works with a keyboard has to begin at the top of the page again. */
export async function expectFocusKept(page: Page): Promise<void> {
  await expect.poll(() => focusIn(page)).not.toBe('BODY')
}

/** Connects the test wallet and signs in. */
export async function signInByKeyboard(page: Page): Promise<void> {
  await tabTo(page, 'Skip to content')
  await pressAt(page, 'Connect wallet')
  await page.getByRole('dialog').waitFor()
  await pressAt(page, 'Test wallet')
  const sign = page.getByRole('dialog').getByRole('button', { name: /sign message/i })
  await sign.waitFor()
  await pressAt(page, /sign message/i)
  await page.getByRole('banner').getByRole('button', { name: /0x/ }).waitFor()
  await expect(page.getByRole('dialog')).toBeHidden()
}

/** Opens the dialog of “Choose a folder” and picks one there. */
export async function chooseFolder(page: Page, folder: string): Promise<void> {
  // A dialog that has just closed may take the focus back to the button that opened it.
  await expect(async () => {
    await tabTo(page, 'Choose a folder')
    const chosen = page.waitForEvent('filechooser', { timeout: 5_000 })
    const [chooser] = await Promise.all([chosen, page.keyboard.press('Enter')])
    await chooser.setFiles(folder)
  }).toPass()
}
