/**
 * A number as people type it, “12,5”, “12.5” or “١٢٫٥”, with a point and ASCII digits. One comma is a decimal comma only
 * where it cannot be a thousands separator: “1,000” may be either, and is returned as it is.
 */
export function decimalText(text: string): string {
  const ascii = text
    .trim()
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[０-９]/g, (digit) => String(digit.charCodeAt(0) - 0xff10))
    .replace(/٫/g, ',')
    .replace(/．/g, '.')
  return /^\d+,\d+$/.test(ascii) && !/^[1-9]\d{0,2},\d{3}$/.test(ascii) ? ascii.replace(',', '.') : ascii
}
