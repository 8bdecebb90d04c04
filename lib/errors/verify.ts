export type VerifyErrors = {
  'verify.proofs-invalid': { copyId: string; fingerprintRoot: string }
}
