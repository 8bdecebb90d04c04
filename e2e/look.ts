import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page, TestInfo } from '@playwright/test'
import { expect } from './wallet'

const widths = [1440, 768, 390]
const looks = widths.flatMap((width) => (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })))
/** What axe finds at this width it finds at another too. */
const between = 768
/** What axe finds in one theme only: the rules that look at colours. */
const coloured = ['color-contrast', 'link-in-text-block']

/** By how many pixels a page scrolls sideways. */
export const sideways = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

/** Pictures of a page at three widths in both themes. */
export async function takePictures(page: Page, name: string, info: TestInfo): Promise<void> {
  for (const { colorScheme, width } of looks) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 900 })
    await settled(page, colorScheme)
    await takePicture(page, { name, colorScheme, width }, info)
  }
}

type Look = (typeof looks)[number] & { name: string }

async function takePicture(page: Page, { name, colorScheme, width }: Look, info: TestInfo): Promise<void> {
  const file = `${name}-${colorScheme}-${width}.png`
  await page.screenshot({ path: join(info.project.outputDir, 'screens', file), fullPage: true })
}

export type Screen = { name: string; path: string; ready?: (page: Page, info: TestInfo) => Promise<unknown> }

/**
 * Checks one page at three widths in both themes: nothing scrolls sideways, and axe finds nothing (WCAG 2.2 AA). Takes
 * pictures where KINMARK_PICTURES is set.
 */
export async function checkScreen(page: Page, { name, path, ready }: Screen, info: TestInfo): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.goto(path)
  await page.waitForLoadState('networkidle')
  await ready?.(page, info)
  for (const { colorScheme, width } of looks) {
    const at = `${name} ${colorScheme} ${width}`
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 900 })
    await settled(page, colorScheme)
    expect.soft(await sideways(page), `${at}: scrolls sideways`).toBeLessThanOrEqual(0)
    if (process.env.KINMARK_PICTURES) await takePicture(page, { name, colorScheme, width }, info)
    if (width === between) continue
    const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] })
    if (colorScheme === 'light') axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    else axe.withRules(coloured)
    const { violations } = await axe
      .exclude('[data-rk] [role=dialog]')
      .setLegacyMode() // Runs in the page, which has no frames of other origins, instead of in a second one.
      .analyze()
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
    expect.soft(found, at).toEqual([])
  }
}

/** Waits until the theme is applied and charts that observe their size are redrawn. */
async function settled(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await expect(page.locator('html')).toHaveClass(new RegExp(`\\b${theme}\\b`))
  await page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
    await Promise.all(document.getAnimations().map(({ finished }) => finished))
  })
}
