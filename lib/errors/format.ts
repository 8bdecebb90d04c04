export type FormatErrors = {
  'format.not-usdc': { text: string }
}
